-- Pairs of accounts of a course that were ever seen at one address, the first of them one that may
-- have got answers, with how many accounts there are behind the address that fewest use. Addresses
-- with more accounts than $most_accounts link nobody by themselves.
-- The key is compared as a range of one, since an engine that joins by the address alone leaves out
-- all other addresses as it reads them.
WITH theirs AS (
  SELECT one.subject AS subject, one.key_id AS key_id, one.address AS address
  FROM (SELECT unnest($addresses) AS one) AS told
),
places AS (
  SELECT DISTINCT key_id, address FROM theirs
),
seen AS (
  SELECT a.subject, p.key_id, p.address
  FROM integrity_answers AS a
  JOIN places AS p ON p.address = a.got_address AND a.got_key BETWEEN p.key_id AND p.key_id
  WHERE a.day BETWEEN $start AND $end
    AND a.course = $course
    AND a.is_in_order = 1
  UNION
  SELECT a.subject, p.key_id, p.address
  FROM integrity_answers AS a
  JOIN places AS p ON p.address = a.solved_address AND a.solved_key BETWEEN p.key_id AND p.key_id
  WHERE a.day BETWEEN $start AND $end
    AND a.course = $course
    AND a.is_in_order = 1
),
degrees AS (
  SELECT key_id, address, count(*) AS accounts FROM seen GROUP BY key_id, address HAVING count(*) <= $most_accounts
)
SELECT t.subject AS harvester, s.subject AS master, min(d.accounts) AS accounts
FROM degrees AS d
JOIN theirs AS t ON t.key_id = d.key_id AND t.address = d.address
JOIN seen AS s ON s.key_id = d.key_id AND s.address = d.address
WHERE s.subject <> t.subject
GROUP BY t.subject, s.subject
