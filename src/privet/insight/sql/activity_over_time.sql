-- Learners, sessions and events by day, week or month.
SELECT
  CAST(date_trunc($grain, day) AS DATE) AS point,
  count(DISTINCT nullif(subject, 0)) AS learners,
  count(DISTINCT nullif(session, 0)) AS sessions,
  count(*) AS events
FROM events
WHERE day BETWEEN $start AND $end
  AND ($institution = '' OR institution = $institution)
  AND ($course = '' OR course = $course)
  AND ($event = '' OR name = $event)
GROUP BY 1
ORDER BY 1
