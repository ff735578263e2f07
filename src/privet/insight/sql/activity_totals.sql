-- The figures of a period.
SELECT
  count(DISTINCT nullif(subject, 0)) AS learners,
  count(DISTINCT nullif(session, 0)) AS sessions,
  count(*) AS events,
  count(*) FILTER (WHERE name = 'edx.course.enrollment.activated') AS enrolments
FROM events
WHERE day BETWEEN $start AND $end
  AND ($institution = '' OR institution = $institution)
  AND ($course = '' OR course = $course)
  AND ($event = '' OR name = $event)
