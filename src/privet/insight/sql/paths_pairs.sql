-- From which page to which learners went, at whatever point of a visit.
-- by: previous, page
WITH each AS (
  SELECT subject, previous, page, sum(views) AS steps
  FROM page_steps
  WHERE day BETWEEN $start AND $end
    AND ($institution = '' OR institution = $institution)
    AND ($course = '' OR course = $course)
    AND ($device = '' OR device = $device)
    AND previous <> ''
    AND views > 0
  GROUP BY subject, previous, page
)
SELECT
  previous,
  page,
  count(*) AS learners,
  sum(subject % 4294967296) AS learners_key,
  sum(steps) AS steps,
  max(steps) AS steps_top
FROM each
GROUP BY previous, page
ORDER BY steps DESC, previous, page
LIMIT 300
