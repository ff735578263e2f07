-- Which accounts hold a certificate of a course.
SELECT DISTINCT subject
FROM events
WHERE day BETWEEN $start AND $end
  AND course = $course
  AND name = 'edx.certificate.created'
  AND subject <> 0
