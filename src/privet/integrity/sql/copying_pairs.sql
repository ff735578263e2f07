-- Pairs of accounts of a course set against each other over all that both did, with what the tests
-- need. Sources: Northcutt, Ho and Chuang, "Detecting and preventing multiple-account cheating in
-- massive open online courses" (2016); Ruiperez-Valiente et al., IEEE TLT (2019), for pairs without a
-- shared address; Alexandron et al. (2017), for answers got by exhausted attempts.
-- With $earlier above zero every answer is taken to have been got so many seconds before: a world in
-- which nobody copied at once, that calibration holds the course against.
-- Only the accounts of the pairs are read as a whole; of all others, up to the pseudonym $crowd, only
-- when each first solved the problems that matter, and whether it had them right at once. Where that is
-- not everybody, $unseen is 1: what nobody of them did on a day has the chance of one of them, and what
-- is known of no problem speaks for nothing. $since tells which pairs an act of
-- these days belongs to.
WITH asked AS (
  SELECT pair.harvester AS harvester, pair.master AS master, pair.linked AS linked
  FROM (SELECT unnest($pairs) AS pair) AS told
),
people AS (
  SELECT harvester AS subject FROM asked
  UNION
  SELECT master AS subject FROM asked
),
here AS (
  SELECT a.subject, a.problem, a.day, a.shown, a.exhausted, a.solved, a.first_try, a.first_right, a.solved_key, a.solved_address, a.got_key, a.got_address
  FROM integrity_answers AS a
  JOIN people AS p ON p.subject = a.subject
  WHERE a.day BETWEEN $start AND $end
    AND a.course = $course
    AND a.is_in_order = 1
),
got AS (
  SELECT
    subject,
    problem,
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
    max(day) AS last_day,
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
    max(last_day) AS last_day,
    count(*) AS touched,
    sum(CASE WHEN got_at IS NOT NULL THEN 1 ELSE 0 END) AS got,
    sum(CASE WHEN solved IS NOT NULL AND (got_at IS NULL OR epoch(solved) < got_at) THEN 1 ELSE 0 END) AS by_itself,
    sum(CASE WHEN got_at IS NULL OR epoch(solved) < got_at THEN 1 ELSE 0 END) AS own,
    sum(coalesce(first_right, 0)) AS first_right,
    count(solved) AS solved
  FROM work
  GROUP BY subject
),
wanted AS (
  SELECT problem, CAST(row_number() OVER (ORDER BY problem) AS INTEGER) AS number
  FROM (SELECT DISTINCT problem FROM got) AS theirs
),
offered AS (
  SELECT g.subject, w.number, g.moment, g.is_exhausted, g.key_id, g.address
  FROM got AS g
  JOIN wanted AS w ON w.problem = g.problem
),
solved AS (
  SELECT
    s.subject,
    s.subject - w.number AS spot,
    epoch(s.solved) AS moment,
    CAST(s.solved AS DATE) AS day,
    s.first_right,
    s.key_id,
    s.address
  FROM work AS s
  JOIN wanted AS w ON w.problem = s.problem
  WHERE s.solved IS NOT NULL
),
firsts AS (
  SELECT
    a.subject,
    w.number,
    min(a.solved) AS solved,
    min(a.first_try) AS first_try,
    min(CASE WHEN a.first_right = 1 THEN a.first_try END) AS first_right_try
  FROM integrity_answers AS a
  JOIN wanted AS w ON w.problem = a.problem
  WHERE a.day BETWEEN $start AND $end
    AND a.course = $course
    AND a.subject <= $crowd
    AND a.is_in_order = 1
  GROUP BY a.subject, w.number
),
moments AS (
  SELECT
    number,
    floor(epoch(solved) / $window) AS fast,
    floor(epoch(solved) / $reach) AS slow,
    count(solved) AS solvers,
    sum(CASE WHEN first_right_try = first_try THEN 1 ELSE 0 END) AS first_right
  FROM firsts
  GROUP BY 1, 2, 3
),
problems AS (
  SELECT number, sum(solvers) AS solvers, sum(first_right) / nullif(sum(solvers), 0) AS first_rate
  FROM moments
  GROUP BY number
),
fast AS (
  SELECT number, fast AS bucket, sum(solvers) AS solvers FROM moments WHERE fast IS NOT NULL GROUP BY 1, 2
),
slow AS (
  SELECT number, slow AS bucket, sum(solvers) AS solvers FROM moments WHERE slow IS NOT NULL GROUP BY 1, 2
),
items AS (
  SELECT
    c.harvester,
    c.master,
    g.number,
    coalesce(max(CASE WHEN g.moment < s.moment THEN g.moment END), min(g.moment)) AS got_at,
    max(g.is_exhausted) AS is_exhausted,
    max(CASE WHEN g.address <> 0 AND g.key_id = s.key_id AND g.address = s.address THEN 1 ELSE 0 END) AS is_shared,
    s.moment AS solved_at,
    s.first_right,
    s.day
  FROM asked AS c
  JOIN offered AS g ON g.subject = c.harvester
  JOIN solved AS s ON s.subject = c.master AND g.number = c.master - s.spot
  GROUP BY c.harvester, c.master, g.number, s.moment, s.first_right, s.day
),
weighed AS (
  SELECT
    i.harvester,
    i.master,
    i.number,
    i.solved_at - i.got_at AS lag,
    i.is_exhausted,
    i.is_shared,
    i.first_right,
    i.day,
    p.first_rate,
    (coalesce(f0.solvers, 0) + coalesce(f1.solvers, 0)) / greatest(coalesce(p.solvers, 0), 1) AS fast_chance,
    (coalesce(s0.solvers, 0) + coalesce(s1.solvers, 0)) / greatest(coalesce(p.solvers, 0), 1) AS slow_chance,
    $unseen / greatest(coalesce(p.solvers, 0), 1) AS least_chance
  FROM items AS i
  LEFT JOIN problems AS p ON p.number = i.number
  LEFT JOIN fast AS f0 ON f0.number = i.number AND f0.bucket = floor(i.got_at / $window)
  LEFT JOIN fast AS f1 ON f1.number = i.number AND f1.bucket = floor(i.got_at / $window) + 1
  LEFT JOIN slow AS s0 ON s0.number = i.number AND s0.bucket = floor(i.got_at / $reach)
  LEFT JOIN slow AS s1 ON s1.number = i.number AND s1.bucket = floor(i.got_at / $reach) + 1
),
days AS (
  SELECT
    harvester,
    master,
    day,
    least(1.0, greatest(sum(fast_chance), max(least_chance))) AS fast_expected,
    least(1.0, greatest(sum(slow_chance), max(least_chance))) AS slow_expected,
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
  h.own AS harvester_own,
  m.solved AS master_solved,
  m.first_right AS master_first_right,
  a.linked,
  CASE WHEN greatest(h.last_day, m.last_day) >= $since THEN 1 ELSE 0 END AS is_new
FROM pairs AS p
JOIN asked AS a ON a.harvester = p.harvester AND a.master = p.master
JOIN coincidence AS c ON c.harvester = p.harvester AND c.master = p.master
JOIN accounts AS h ON h.subject = p.harvester
JOIN accounts AS m ON m.subject = p.master
