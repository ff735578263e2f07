-- Which accounts of a course acted from which addresses; the five filters close over it.
SELECT DISTINCT subject, solved_key AS key_id, solved_address AS address
FROM integrity_answers
WHERE day BETWEEN $start AND $end
  AND course = $course
  AND solved_address <> 0
UNION
SELECT DISTINCT subject, got_key AS key_id, got_address AS address
FROM integrity_answers
WHERE day BETWEEN $start AND $end
  AND course = $course
  AND got_address <> 0
