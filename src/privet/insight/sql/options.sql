-- Which institutions and courses occur in the period.
SELECT DISTINCT institution, course
FROM events
WHERE day BETWEEN $start AND $end
  AND ($institution = '' OR institution = $institution)
  AND ($course = '' OR course = $course)
  AND ($event = '' OR name = $event)
