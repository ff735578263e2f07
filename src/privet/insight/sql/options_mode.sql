-- In which modes learners enrolled in the period.
-- by: mode
WITH each AS (
  SELECT DISTINCT subject, mode
  FROM enrolments
  WHERE day BETWEEN $start AND $end AND name = 'edx.course.enrollment.activated'
)
SELECT mode, count(*) AS learners, sum(subject % 4294967296) AS learners_key
FROM each
GROUP BY mode
ORDER BY mode
