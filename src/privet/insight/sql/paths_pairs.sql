-- From which page to which learners went, at whatever point of a visit.
-- by: previous, page
-- at least: steps learners
WITH each AS (
  SELECT subject, previous_key, page_key, sum(views) AS steps
  FROM page_steps
  WHERE day BETWEEN $start AND $end
    AND ($institution = '' OR institution = $institution)
    AND ($course = '' OR course = $course)
    AND ($device = '' OR device = $device)
    AND previous <> ''
    AND views > 0
  GROUP BY subject, previous_key, page_key
),
counted AS (
  SELECT
    previous_key,
    page_key,
    count(*) AS learners,
    sum(subject % 4294967296) AS learners_key,
    sum(steps) AS steps,
    max(steps) AS steps_top
  FROM each
  GROUP BY previous_key, page_key
),
names AS (
  SELECT previous_key, page_key, previous, page
  FROM page_steps
  WHERE day BETWEEN $start AND $end
    AND ($institution = '' OR institution = $institution)
    AND ($course = '' OR course = $course)
    AND previous <> ''
    AND views > 0
  GROUP BY 1, 2, 3, 4
)
SELECT
  n.previous,
  n.page,
  c.learners,
  c.learners_key,
  c.steps,
  c.steps_top
FROM counted AS c
INNER JOIN names AS n ON n.previous_key = c.previous_key AND n.page_key = c.page_key
ORDER BY steps DESC, previous, page
LIMIT 300
