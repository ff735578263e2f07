-- The items of some pairs of accounts in a course, for the timeline of a finding.
WITH asked AS (
  SELECT pair.harvester AS harvester, pair.master AS master
  FROM (SELECT unnest($pairs) AS pair) AS told
),
people AS (
  SELECT harvester AS subject FROM asked
  UNION
  SELECT master AS subject FROM asked
),
here AS (
  SELECT subject, problem, shown, exhausted, solved
  FROM integrity_answers
  WHERE day BETWEEN $start AND $end
    AND course = $course
    AND subject IN (SELECT subject FROM people)
    AND is_in_order = 1
),
got AS (
  SELECT subject, problem, least(shown, exhausted) AS moment, CASE WHEN exhausted IS NOT NULL AND (shown IS NULL OR exhausted < shown) THEN 1 ELSE 0 END AS is_exhausted
  FROM here
  WHERE shown IS NOT NULL OR exhausted IS NOT NULL
),
solved AS (
  SELECT subject, problem, min(solved) AS moment
  FROM here
  GROUP BY subject, problem
  HAVING min(solved) IS NOT NULL
),
joined AS (
  SELECT
    g.subject AS harvester,
    s.subject AS master,
    g.problem,
    coalesce(max(CASE WHEN g.moment < s.moment THEN g.moment END), min(g.moment)) AS got,
    min_by(g.is_exhausted, g.moment) AS is_exhausted,
    s.moment AS solved
  FROM asked AS a
  JOIN got AS g ON g.subject = a.harvester
  JOIN solved AS s ON s.subject = a.master AND s.problem = g.problem
  GROUP BY g.subject, s.subject, g.problem, s.moment
)
SELECT harvester, master, problem, got, is_exhausted, solved
FROM joined
ORDER BY harvester, master, solved, problem
