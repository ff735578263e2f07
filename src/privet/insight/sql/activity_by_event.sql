-- What happened how often, and to how many.
SELECT
  name,
  count(DISTINCT nullif(subject, 0)) AS learners,
  count(*) AS events
FROM events
WHERE day BETWEEN $start AND $end
  AND ($institution = '' OR institution = $institution)
  AND ($course = '' OR course = $course)
  AND ($event = '' OR name = $event)
GROUP BY name
ORDER BY events DESC, name
LIMIT 500
