-- The figures of a period.
WITH each AS (
  SELECT
    subject,
    count(DISTINCT nullif(session, 0)) AS sessions,
    count(*) AS events,
    count(*) FILTER (WHERE name = 'edx.course.enrollment.activated') AS enrolments
  FROM events
  WHERE day BETWEEN $start AND $end
    AND ($institution = '' OR institution = $institution)
    AND ($course = '' OR course = $course)
    AND ($event = '' OR name = $event)
    AND subject <> 0
  GROUP BY subject
)
SELECT
  count(*) AS learners,
  sum(subject % 4294967296) AS learners_key,
  sum(sessions) AS sessions,
  max(sessions) AS sessions_top,
  sum(events) AS events,
  max(events) AS events_top,
  sum(enrolments) AS enrolments,
  max(enrolments) AS enrolments_top
FROM each
