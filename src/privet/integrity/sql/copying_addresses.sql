-- The addresses at which accounts that may have got answers were seen in a course, for copying_links.
WITH suppliers AS (
  SELECT one.subject AS subject FROM (SELECT unnest($suppliers) AS one) AS told
),
mine AS (
  SELECT a.subject, a.got_key, a.got_address, a.solved_key, a.solved_address
  FROM integrity_answers AS a
  JOIN suppliers AS s ON s.subject = a.subject
  WHERE a.day BETWEEN $start AND $end
    AND a.course = $course
    AND a.is_in_order = 1
)
SELECT subject, got_key AS key_id, got_address AS address FROM mine WHERE got_address <> 0
UNION
SELECT subject, solved_key AS key_id, solved_address AS address FROM mine WHERE solved_address <> 0
