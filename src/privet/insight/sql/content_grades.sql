-- Learners by the share of points that they have of the problems they tried; ten steps from 0.
-- by: step
WITH problems AS (
  SELECT
    subject,
    problem_key,
    arg_max(grade, last_time) AS grade,
    arg_max(max_grade, last_time) AS max_grade
  FROM problem_tries
  WHERE day BETWEEN $start AND $end
    AND ($institution = '' OR institution = $institution)
    AND ($course = '' OR course = $course)
    AND tries > 0
  GROUP BY subject, problem_key
),
people AS (
  SELECT subject, sum(grade) / sum(max_grade) AS share
  FROM problems
  GROUP BY subject
  HAVING sum(max_grade) > 0
)
SELECT
  CAST(least(9, greatest(0, floor(share * 10))) AS INTEGER) AS step,
  count(*) AS learners,
  sum(subject % 4294967296) AS learners_key
FROM people
GROUP BY step
ORDER BY step
