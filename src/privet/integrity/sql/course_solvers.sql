-- Who solved anything in a course since a day, in the order of accounts; copying_candidates is told them.
SELECT DISTINCT subject
FROM integrity_answers
WHERE day BETWEEN $start AND $end
  AND day >= $since
  AND course = $course
  AND is_in_order = 1
  AND solved IS NOT NULL
ORDER BY subject
