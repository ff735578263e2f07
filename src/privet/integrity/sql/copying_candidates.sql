-- Pairs of accounts of a course that are worth to be set against each other by copying_pairs.
-- Sources: as there. They come from two equi-joins, on the address and on buckets of time, never from
-- all pairs. $suppliers are accounts that may have got answers, and $links the pairs of theirs that
-- were ever seen at one address. Masters are looked at from one account to another, since hits are
-- many and memory is not, and what is kept by learner is read in that order. Every pair has something
-- new since $since, so only those who solved anything since then can be masters: $masters, all of whom
-- lie between $first and $last. They are told and not found here, since an engine that does not know
-- how few they are reads everybody's acts before it joins them. Of pairs that
-- nothing links, those with too few hits for a median within the window are left out: $fed is the
-- least share of its answers that serves the other, and half of that must be hits. With $earlier
-- above zero every answer is taken to have been got so many seconds before.
WITH suppliers AS (
  SELECT one.subject AS subject
  FROM (SELECT unnest($suppliers) AS one) AS told
),
offered AS (
  SELECT
    a.subject,
    a.problem,
    epoch(least(a.shown, a.exhausted)) - $earlier AS moment,
    a.got_key AS key_id,
    a.got_address AS address
  FROM integrity_answers AS a
  JOIN suppliers AS s ON s.subject = a.subject
  WHERE a.day BETWEEN $start AND $end
    AND a.course = $course
    AND a.is_in_order = 1
    AND (a.shown IS NOT NULL OR a.exhausted IS NOT NULL)
),
at_work AS (
  SELECT unnest($masters) AS subject
),
taken AS (
  SELECT
    t.subject,
    t.problem,
    epoch(t.solved) AS moment,
    t.solved_key AS key_id,
    t.solved_address AS address,
    CASE WHEN t.day >= $since THEN 1 ELSE 0 END AS is_new
  FROM integrity_answers AS t
  JOIN at_work AS w ON w.subject = t.subject
  WHERE t.day BETWEEN $start AND $end
    AND t.course = $course
    AND t.subject BETWEEN $first AND $last
    AND t.is_in_order = 1
    AND t.solved IS NOT NULL
),
answers AS (
  SELECT subject, count(DISTINCT problem) AS got FROM offered GROUP BY subject
),
links AS (
  SELECT pair.harvester AS harvester, pair.master AS master
  FROM (SELECT unnest($links) AS pair) AS told
),
served AS (
  SELECT DISTINCT l.harvester, l.master, o.problem, o.moment
  FROM links AS l
  JOIN offered AS o ON o.subject = l.harvester
),
linked AS (
  SELECT
    o.subject AS harvester,
    t.subject AS master,
    o.problem,
    CASE WHEN t.moment > o.moment AND t.moment <= o.moment + $reach THEN 1 ELSE 0 END AS is_near,
    t.is_new
  FROM offered AS o
  JOIN taken AS t ON t.problem = o.problem AND t.key_id = o.key_id AND t.address = o.address
  WHERE o.address <> 0
    AND t.subject <> o.subject
  UNION ALL
  SELECT
    o.harvester,
    o.master,
    o.problem,
    CASE WHEN t.moment > o.moment AND t.moment <= o.moment + $reach THEN 1 ELSE 0 END AS is_near,
    t.is_new
  FROM taken AS t
  JOIN served AS o ON o.master = t.subject AND o.problem = t.problem
),
at_an_address AS (
  SELECT harvester, master, count(DISTINCT CASE WHEN is_near = 1 THEN problem END) AS near, max(is_near * is_new) AS is_new
  FROM linked
  GROUP BY harvester, master
),
buckets AS (
  SELECT subject, problem, moment, floor(moment / $window) AS bucket FROM offered
  UNION ALL
  SELECT subject, problem, moment, floor(moment / $window) + 1 AS bucket FROM offered
),
hits AS (
  SELECT o.subject AS harvester, t.subject AS master, count(*) AS hits, max(t.is_new) AS is_new
  FROM taken AS t
  JOIN buckets AS o ON o.problem = t.problem AND o.bucket = floor(t.moment / $window)
  WHERE t.subject <> o.subject
    AND t.moment > o.moment
    AND t.moment <= o.moment + $window
  GROUP BY o.subject, t.subject
  HAVING count(*) >= $fewest_apart
),
followers AS (
  SELECT h.harvester, h.master
  FROM hits AS h
  JOIN answers AS s ON s.subject = h.harvester
  LEFT JOIN at_an_address AS a ON a.harvester = h.harvester AND a.master = h.master
  WHERE h.is_new = 1
    AND (a.master IS NOT NULL OR h.hits * 2 >= $fed * s.got)
),
candidates AS (
  SELECT harvester, master FROM at_an_address WHERE near >= $fewest_shared AND is_new = 1
  UNION
  SELECT harvester, master FROM followers
)
SELECT harvester, master
FROM candidates
