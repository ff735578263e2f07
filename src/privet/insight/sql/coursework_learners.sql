-- How many learners did what teaching is kept for; asked under two uses and compared.
SELECT count(DISTINCT nullif(subject, 0)) AS learners
FROM events
WHERE day BETWEEN $start AND $end
  AND ($institution = '' OR institution = $institution)
  AND ($course = '' OR course = $course)
  AND ($event = '' OR name = $event)
  AND (uses & 1) <> 0
