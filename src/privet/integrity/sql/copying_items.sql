-- The items of some pairs of accounts in a course, for the timeline of a finding.
WITH here AS (
  SELECT subject, problem, day, shown, exhausted, solved, first_try, first_right, solved_key, solved_address, got_key, got_address, kind, country
  FROM integrity_answers
  WHERE day BETWEEN $start AND $end
    AND course = $course
    AND list_contains($subjects, subject)
    AND first_attempt <= lowest_attempt
),
got AS (
  SELECT subject, problem, least(shown, exhausted) AS moment, CASE WHEN exhausted IS NOT NULL AND (shown IS NULL OR exhausted < shown) THEN 1 ELSE 0 END AS is_exhausted
  FROM here
  WHERE shown IS NOT NULL OR exhausted IS NOT NULL
),
solved AS (
  SELECT subject, problem, min(solved) AS moment, min_by(first_right, first_try) AS first_right
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
    s.moment AS solved,
    s.first_right
  FROM got AS g
  JOIN solved AS s ON s.problem = g.problem
  WHERE g.subject <> s.subject
  GROUP BY g.subject, s.subject, g.problem, s.moment, s.first_right
)
SELECT harvester, master, problem, got, is_exhausted, solved, first_right
FROM joined
ORDER BY harvester, master, solved
