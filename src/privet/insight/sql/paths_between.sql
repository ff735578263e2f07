-- How many went from one page to another, by whatever way.
-- at least: steps learners
WITH each AS (
  SELECT subject, sum(views) AS steps
  FROM page_steps
  WHERE day BETWEEN $start AND $end
    AND ($institution = '' OR institution = $institution)
    AND ($course = '' OR course = $course)
    AND ($device = '' OR device = $device)
    AND previous = $from_page
    AND page = $to_page
    AND views > 0
  GROUP BY subject
)
SELECT
  count(*) AS learners,
  sum(subject % 4294967296) AS learners_key,
  sum(steps) AS steps,
  max(steps) AS steps_top
FROM each
