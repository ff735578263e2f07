-- Pairs whose last submissions lie close together over all problems that both submitted, by the
-- mean absolute difference, after "close submitters" (Ruiperez-Valiente et al., WWW 2017 companion).
-- Studying together looks just like it, so it supports a case and opens none.
WITH last AS (
  SELECT subject, problem, epoch(max(last_try)) AS moment
  FROM integrity_answers
  WHERE day BETWEEN $start AND $end
    AND course = $course
    AND last_try IS NOT NULL
  GROUP BY subject, problem
),
buckets AS (
  SELECT subject, problem, moment, floor(moment / $window) AS bucket FROM last
  UNION ALL
  SELECT subject, problem, moment, floor(moment / $window) + 1 AS bucket FROM last
),
close AS (
  SELECT a.subject AS one, b.subject AS other
  FROM buckets AS a
  JOIN last AS b ON b.problem = a.problem AND floor(b.moment / $window) = a.bucket
  WHERE a.subject <> b.subject AND abs(b.moment - a.moment) <= $window
  GROUP BY a.subject, b.subject
  HAVING count(DISTINCT a.problem) >= $fewest
),
pairs AS (
  SELECT DISTINCT least(one, other) AS one, greatest(one, other) AS other FROM close
)
SELECT
  p.one,
  p.other,
  count(*) AS n,
  sum(CASE WHEN abs(a.moment - b.moment) <= $window THEN 1 ELSE 0 END) AS x,
  avg(abs(a.moment - b.moment)) AS mean_seconds
FROM pairs AS p
JOIN last AS a ON a.subject = p.one
JOIN last AS b ON b.subject = p.other AND b.problem = a.problem
GROUP BY p.one, p.other
HAVING avg(abs(a.moment - b.moment)) <= $most_mean_seconds
ORDER BY mean_seconds
