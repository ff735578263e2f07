-- Learners by operating system.
SELECT
  coalesce(os, '') AS name,
  count(DISTINCT nullif(subject, 0)) AS learners,
  count(*) AS events
FROM events
WHERE day BETWEEN $start AND $end
  AND ($institution = '' OR institution = $institution)
  AND ($course = '' OR course = $course)
  AND ($event = '' OR name = $event)
GROUP BY 1
ORDER BY learners DESC, events DESC, name
LIMIT 200
