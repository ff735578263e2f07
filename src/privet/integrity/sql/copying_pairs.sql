-- Pairs of accounts of a course of which one may have got answers for the other, with what the
-- tests need. Sources: Northcutt, Ho and Chuang, "Detecting and preventing multiple-account
-- cheating in massive open online courses" (2016); Ruiperez-Valiente et al., IEEE TLT (2019), for
-- pairs without a shared address; Alexandron et al. (2017), for answers got by exhausted attempts.
-- Candidates come from two equi-joins, on the address and on buckets of time, never from all pairs.
-- With $earlier above zero every answer is taken to have been got so many seconds before: a world in
-- which nobody copied at once, that calibration holds the course against.
-- Harvesters are looked at in $parts parts, so that memory is bounded. Of pairs that nothing links,
-- those with too few hits for a median within the window are left out before they are set against
-- all that both did: $fed is the least share of its answers that serves the other, and half of that
-- must be hits. $standing names pairs that are told all the same, if there is anything new of them.
WITH here AS (
  SELECT subject, problem, day, shown, exhausted, solved, first_try, first_right, solved_key, solved_address, got_key, got_address
  FROM integrity_answers
  WHERE day BETWEEN $start AND $end
    AND course = $course
    AND first_attempt <= lowest_attempt
),
got AS (
  SELECT
    subject,
    problem,
    day,
    epoch(least(shown, exhausted)) - $earlier AS moment,
    CASE WHEN exhausted IS NOT NULL AND (shown IS NULL OR exhausted < shown) THEN 1 ELSE 0 END AS is_exhausted,
    got_key AS key_id,
    got_address AS address
  FROM here
  WHERE shown IS NOT NULL OR exhausted IS NOT NULL
),
work AS (
  SELECT
    subject,
    problem,
    min(solved) AS solved,
    min_by(first_right, first_try) AS first_right,
    epoch(min(least(shown, exhausted))) AS got_at,
    coalesce(min_by(solved_key, solved), 0) AS key_id,
    coalesce(min_by(solved_address, solved), 0) AS address
  FROM here
  GROUP BY subject, problem
),
accounts AS (
  SELECT
    subject,
    count(*) AS touched,
    sum(CASE WHEN got_at IS NOT NULL THEN 1 ELSE 0 END) AS got,
    sum(CASE WHEN solved IS NOT NULL THEN 1 ELSE 0 END) AS solved,
    sum(CASE WHEN solved IS NOT NULL AND (got_at IS NULL OR epoch(solved) < got_at) THEN 1 ELSE 0 END) AS by_itself,
    sum(coalesce(first_right, 0)) AS first_right,
    sum(CASE WHEN first_right IS NOT NULL THEN 1 ELSE 0 END) AS tried
  FROM work
  GROUP BY subject
),
solved AS (
  SELECT subject, problem, epoch(solved) AS moment, CAST(solved AS DATE) AS day, first_right, key_id, address
  FROM work
  WHERE solved IS NOT NULL
),
problems AS (
  SELECT problem, sum(CASE WHEN solved IS NOT NULL THEN 1 ELSE 0 END) AS solvers, avg(first_right) AS first_rate
  FROM work
  GROUP BY problem
),
fast AS (
  SELECT problem, floor(moment / $window) AS bucket, count(*) AS solvers FROM solved GROUP BY 1, 2
),
slow AS (
  SELECT problem, floor(moment / $reach) AS bucket, count(*) AS solvers FROM solved GROUP BY 1, 2
),
suppliers AS (
  SELECT subject, got FROM accounts WHERE got >= 2 AND by_itself <= $own * touched
),
offered AS (
  SELECT g.subject, g.problem, g.moment, g.key_id, g.address
  FROM got AS g
  JOIN suppliers AS s ON s.subject = g.subject
  WHERE g.subject % $parts = $part
),
taken AS (
  SELECT subject, problem, moment, key_id, address, floor(moment / $window) AS bucket, CASE WHEN day >= $since THEN 1 ELSE 0 END AS is_new
  FROM solved
),
addresses AS (
  SELECT subject, key_id, address FROM got WHERE address <> 0
  UNION
  SELECT subject, key_id, address FROM solved WHERE address <> 0
),
degrees AS (
  SELECT key_id, address, count(*) AS accounts FROM addresses GROUP BY key_id, address
),
links AS (
  SELECT a.subject AS harvester, b.subject AS master, min(d.accounts) AS accounts
  FROM addresses AS a
  JOIN suppliers AS s ON s.subject = a.subject
  JOIN degrees AS d ON d.key_id = a.key_id AND d.address = a.address
  JOIN addresses AS b ON b.key_id = a.key_id AND b.address = a.address
  WHERE a.subject <> b.subject AND d.accounts <= $most_accounts
  GROUP BY a.subject, b.subject
),
eligible AS (
  SELECT
    (SELECT count(*) FROM links) AS eligible_shared,
    (SELECT count(*) FROM accounts WHERE got >= $fewest_apart AND by_itself <= $own * touched) * (SELECT count(*) FROM accounts WHERE solved >= $fewest_apart) AS eligible_apart
),
buckets AS (
  SELECT subject, problem, moment, floor(moment / $window) AS bucket FROM offered
  UNION ALL
  SELECT subject, problem, moment, floor(moment / $window) + 1 AS bucket FROM offered
),
linked AS (
  SELECT o.subject AS harvester, t.subject AS master, o.problem, CASE WHEN t.is_new = 1 AND t.moment > o.moment AND t.moment <= o.moment + $reach THEN 1 ELSE 0 END AS is_near
  FROM offered AS o
  JOIN taken AS t ON t.problem = o.problem AND t.key_id = o.key_id AND t.address = o.address
  WHERE o.address <> 0 AND t.subject <> o.subject
  UNION ALL
  SELECT o.subject AS harvester, t.subject AS master, o.problem, CASE WHEN t.is_new = 1 AND t.moment > o.moment AND t.moment <= o.moment + $reach THEN 1 ELSE 0 END AS is_near
  FROM links AS l
  JOIN offered AS o ON o.subject = l.harvester
  JOIN taken AS t ON t.subject = l.master AND t.problem = o.problem
),
at_an_address AS (
  SELECT harvester, master, count(DISTINCT CASE WHEN is_near = 1 THEN problem END) AS near
  FROM linked
  GROUP BY harvester, master
),
hits AS (
  SELECT o.subject AS harvester, t.subject AS master, count(*) AS hits
  FROM buckets AS o
  JOIN taken AS t ON t.problem = o.problem AND t.bucket = o.bucket
  WHERE t.subject <> o.subject AND t.moment > o.moment AND t.moment <= o.moment + $window
  GROUP BY o.subject, t.subject
  HAVING sum(t.is_new) >= $fewest_apart
),
standing AS (
  SELECT pair.harvester AS harvester, pair.master AS master
  FROM (SELECT unnest($standing) AS pair) AS told
),
followers AS (
  SELECT h.harvester, h.master, h.hits, s.got, CASE WHEN a.master IS NULL AND k.master IS NULL THEN $fed ELSE 0 END AS fed
  FROM hits AS h
  JOIN suppliers AS s ON s.subject = h.harvester
  LEFT JOIN at_an_address AS a ON a.harvester = h.harvester AND a.master = h.master
  LEFT JOIN standing AS k ON k.harvester = h.harvester AND k.master = h.master
),
follows AS (
  SELECT f.harvester, f.master
  FROM followers AS f
  JOIN buckets AS o ON o.subject = f.harvester
  JOIN taken AS t ON t.subject = f.master AND t.problem = o.problem AND t.bucket = o.bucket
  WHERE f.hits * 2 >= f.fed * f.got AND t.moment > o.moment AND t.moment <= o.moment + $window
  GROUP BY f.harvester, f.master
  HAVING count(DISTINCT CASE WHEN t.is_new = 1 THEN o.problem END) >= $fewest_apart
    AND count(DISTINCT o.problem) * 2 >= max(f.fed * f.got)
),
candidates AS (
  SELECT harvester, master
  FROM (
    SELECT harvester, master FROM at_an_address WHERE near >= $fewest_shared
    UNION ALL
    SELECT harvester, master FROM follows
  ) AS found
  GROUP BY harvester, master
),
items AS (
  SELECT
    c.harvester,
    c.master,
    g.problem,
    coalesce(max(CASE WHEN g.moment < s.moment THEN g.moment END), min(g.moment)) AS got_at,
    max(g.is_exhausted) AS is_exhausted,
    max(CASE WHEN g.address <> 0 AND g.key_id = s.key_id AND g.address = s.address THEN 1 ELSE 0 END) AS is_shared,
    s.moment AS solved_at,
    s.first_right,
    s.day
  FROM candidates AS c
  JOIN got AS g ON g.subject = c.harvester
  JOIN solved AS s ON s.subject = c.master AND s.problem = g.problem
  GROUP BY c.harvester, c.master, g.problem, s.moment, s.first_right, s.day
),
weighed AS (
  SELECT
    i.harvester,
    i.master,
    i.problem,
    i.solved_at - i.got_at AS lag,
    i.is_exhausted,
    i.is_shared,
    i.first_right,
    i.day,
    p.first_rate,
    (coalesce(f0.solvers, 0) + coalesce(f1.solvers, 0)) / p.solvers AS fast_chance,
    (coalesce(s0.solvers, 0) + coalesce(s1.solvers, 0)) / p.solvers AS slow_chance
  FROM items AS i
  JOIN problems AS p ON p.problem = i.problem
  LEFT JOIN fast AS f0 ON f0.problem = i.problem AND f0.bucket = floor(i.got_at / $window)
  LEFT JOIN fast AS f1 ON f1.problem = i.problem AND f1.bucket = floor(i.got_at / $window) + 1
  LEFT JOIN slow AS s0 ON s0.problem = i.problem AND s0.bucket = floor(i.got_at / $reach)
  LEFT JOIN slow AS s1 ON s1.problem = i.problem AND s1.bucket = floor(i.got_at / $reach) + 1
),
days AS (
  SELECT
    harvester,
    master,
    day,
    least(1.0, sum(fast_chance)) AS fast_expected,
    least(1.0, sum(slow_chance)) AS slow_expected,
    sum(CASE WHEN lag > 0 AND lag <= $window THEN 1 ELSE 0 END) AS fast_hits,
    sum(CASE WHEN lag > 0 AND lag <= $reach THEN 1 ELSE 0 END) AS slow_hits,
    sum(CASE WHEN lag > 0 AND lag <= $window THEN ln($window / greatest(1.0, lag)) ELSE 0 END) - coalesce(max(CASE WHEN lag > 0 AND lag <= $window THEN ln($window / greatest(1.0, lag)) END), 0) AS closeness
  FROM weighed
  GROUP BY harvester, master, day
),
coincidence AS (
  SELECT
    harvester,
    master,
    sum(fast_expected) AS fast_expected,
    sum(slow_expected) AS slow_expected,
    sum(CASE WHEN fast_hits > 0 THEN 1 ELSE 0 END) AS fast_days,
    sum(CASE WHEN slow_hits > 0 THEN 1 ELSE 0 END) AS slow_days,
    sum(fast_hits) AS fast_hits,
    sum(slow_hits) AS slow_hits,
    sum(closeness) AS closeness
  FROM days
  GROUP BY harvester, master
),
pairs AS (
  SELECT
    harvester,
    master,
    count(*) AS n,
    sum(CASE WHEN lag > 0 THEN 1 ELSE 0 END) AS x,
    quantile_cont(CASE WHEN lag > 0 THEN lag END, 0.9) AS lag_p90,
    quantile_cont(CASE WHEN lag > 0 THEN lag END, 0.5) AS lag_median,
    sum(CASE WHEN lag > 0 THEN coalesce(first_right, 0) ELSE 0 END) AS first_right,
    sum(CASE WHEN lag > 0 THEN ln(greatest(0.02, least(0.98, first_rate))) ELSE 0 END) AS log_first,
    sum(is_shared) AS shared,
    sum(CASE WHEN lag > 0 THEN is_exhausted ELSE 0 END) AS exhausted,
    max(day) AS last_day
  FROM weighed
  GROUP BY harvester, master
)
SELECT
  p.harvester,
  p.master,
  p.n,
  p.x,
  p.lag_p90,
  p.lag_median,
  p.first_right,
  p.log_first,
  p.shared,
  p.exhausted,
  p.last_day,
  c.fast_expected,
  c.slow_expected,
  c.fast_days,
  c.slow_days,
  c.fast_hits,
  c.slow_hits,
  c.closeness,
  h.touched AS harvester_touched,
  h.got AS harvester_got,
  h.by_itself AS harvester_by_itself,
  m.tried AS master_tried,
  m.first_right AS master_first_right,
  coalesce(l.accounts, 0) AS linked,
  e.eligible_shared,
  e.eligible_apart
FROM pairs AS p
JOIN coincidence AS c ON c.harvester = p.harvester AND c.master = p.master
JOIN accounts AS h ON h.subject = p.harvester
JOIN accounts AS m ON m.subject = p.master
LEFT JOIN links AS l ON l.harvester = p.harvester AND l.master = p.master
CROSS JOIN eligible AS e
