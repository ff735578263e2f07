-- The first steps of visits: from which page to which, as the how-manieth page of the visit.
-- by: step, previous, page
-- at least: visits learners
WITH each AS (
  SELECT subject, step, previous_key, page_key, sum(views) AS visits
  FROM page_steps
  WHERE day BETWEEN $start AND $end
    AND ($institution = '' OR institution = $institution)
    AND ($course = '' OR course = $course)
    AND ($device = '' OR device = $device)
    AND step BETWEEN 2 AND 5
    AND previous <> ''
    AND views > 0
  GROUP BY subject, step, previous_key, page_key
),
counted AS (
  SELECT
    step,
    previous_key,
    page_key,
    count(*) AS learners,
    sum(subject % 4294967296) AS learners_key,
    sum(visits) AS visits,
    max(visits) AS visits_top
  FROM each
  GROUP BY step, previous_key, page_key
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
  c.step,
  n.previous,
  n.page,
  c.learners,
  c.learners_key,
  c.visits,
  c.visits_top
FROM counted AS c
INNER JOIN names AS n ON n.previous_key = c.previous_key AND n.page_key = c.page_key
ORDER BY visits DESC, step, previous, page
LIMIT 300
