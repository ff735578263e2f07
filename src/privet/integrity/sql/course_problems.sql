-- The problems of a course that anybody did something with; copying_suppliers is told them.
SELECT DISTINCT problem
FROM integrity_answers
WHERE day BETWEEN $start AND $end
  AND course = $course
ORDER BY problem
