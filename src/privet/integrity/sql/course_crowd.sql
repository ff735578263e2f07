-- How many accounts of a course have a pseudonym up to $last. Pseudonyms are random, and files are
-- sorted by them, so a part of them tells the size of all, and little is read for it.
SELECT count(DISTINCT subject) AS accounts
FROM integrity_answers
WHERE day BETWEEN $start AND $end
  AND course = $course
  AND subject <= $last
