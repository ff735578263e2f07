-- Each course's part; events outside any course have an empty one.
SELECT
  course,
  institution,
  count(DISTINCT nullif(subject, 0)) AS learners,
  count(DISTINCT nullif(session, 0)) AS sessions,
  count(*) AS events
FROM events
WHERE day BETWEEN $start AND $end
  AND ($institution = '' OR institution = $institution)
  AND ($course = '' OR course = $course)
  AND ($event = '' OR name = $event)
GROUP BY course, institution
ORDER BY learners DESC, events DESC, course
LIMIT 500
