-- The first steps of visits: from which page to which, as the how-manieth page of the visit.
-- by: step, previous, page
WITH each AS (
  SELECT subject, step, previous, page, sum(views) AS visits
  FROM page_steps
  WHERE day BETWEEN $start AND $end
    AND ($institution = '' OR institution = $institution)
    AND ($course = '' OR course = $course)
    AND ($device = '' OR device = $device)
    AND step BETWEEN 2 AND 5
    AND previous <> ''
    AND views > 0
  GROUP BY subject, step, previous, page
)
SELECT
  step,
  previous,
  page,
  count(*) AS learners,
  sum(subject % 4294967296) AS learners_key,
  sum(visits) AS visits,
  max(visits) AS visits_top
FROM each
GROUP BY step, previous, page
ORDER BY visits DESC, step, previous, page
LIMIT 300
