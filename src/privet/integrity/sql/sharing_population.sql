-- How many accounts act from more than one network, so that they could be seen in two places at all,
-- and on how many days they act.
WITH accounts AS (
  SELECT subject, count(DISTINCT day) AS active_days
  FROM integrity_presence
  WHERE day BETWEEN $start AND $end
    AND subject % $parts = $part
    AND network <> 0
  GROUP BY subject
  HAVING count(DISTINCT network) > 1
)
SELECT count(*) AS accounts, coalesce(sum(active_days), 0) AS days
FROM accounts
