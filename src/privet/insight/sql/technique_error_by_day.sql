-- On which days one error happened.
-- by: point
-- at least: errors learners
WITH people AS (
  SELECT day, subject, sum(errors) AS errors
  FROM page_errors
  WHERE day BETWEEN $start AND $end
    AND ($institution = '' OR institution = $institution)
    AND ($course = '' OR course = $course)
    AND signature = $signature
  GROUP BY day, subject
)
SELECT
  day AS point,
  count(*) AS learners,
  sum(subject % 4294967296) AS learners_key,
  sum(errors) AS errors,
  max(errors) AS errors_top
FROM people
GROUP BY day
ORDER BY day
