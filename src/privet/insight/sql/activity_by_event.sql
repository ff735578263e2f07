-- What happened how often, and to how many.
-- by: name
WITH each AS (
  SELECT subject, name, sum(events) AS events
  FROM acts
  WHERE day BETWEEN $start AND $end
    AND ($institution = '' OR institution = $institution)
    AND ($course = '' OR course = $course)
    AND ($event = '' OR name = $event)
  GROUP BY 1, 2
)
SELECT
  name,
  count(*) AS learners,
  sum(subject % 4294967296) AS learners_key,
  sum(events) AS events,
  max(events) AS events_top
FROM each
GROUP BY name
ORDER BY events DESC, name
LIMIT 500
