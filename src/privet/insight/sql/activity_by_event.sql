-- What happened how often, and to how many.
-- by: name
-- at least: events learners
WITH each AS (
  SELECT subject, name_key, sum(events) AS events
  FROM acts
  WHERE day BETWEEN $start AND $end
    AND ($institution = '' OR institution = $institution)
    AND ($course = '' OR course = $course)
    AND ($event = '' OR name = $event)
  GROUP BY 1, 2
),
counted AS (
  SELECT
    name_key,
    count(*) AS learners,
    sum(subject % 4294967296) AS learners_key,
    sum(events) AS events,
    max(events) AS events_top
  FROM each
  GROUP BY name_key
),
names AS (
  SELECT name_key, name
  FROM acts
  WHERE day BETWEEN $start AND $end
    AND ($institution = '' OR institution = $institution)
    AND ($course = '' OR course = $course)
    AND ($event = '' OR name = $event)
  GROUP BY name_key, name
)
SELECT
  n.name,
  c.learners,
  c.learners_key,
  c.events,
  c.events_top
FROM counted AS c
INNER JOIN names AS n ON n.name_key = c.name_key
ORDER BY events DESC, name
LIMIT 500
