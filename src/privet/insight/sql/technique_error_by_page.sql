-- Where one error happened, by page.
-- by: name
-- at least: errors learners
WITH people AS (
  SELECT page_path AS name, subject, sum(errors) AS errors
  FROM page_errors
  WHERE day BETWEEN $start AND $end
    AND ($institution = '' OR institution = $institution)
    AND ($course = '' OR course = $course)
    AND signature = $signature
  GROUP BY page_path, subject
)
SELECT
  name,
  count(*) AS learners,
  sum(subject % 4294967296) AS learners_key,
  sum(errors) AS errors,
  max(errors) AS errors_top
FROM people
GROUP BY name
ORDER BY learners DESC, name
LIMIT 50
