-- Accounts that act from one network and within hours from another: whose work is then looked at. By
-- itself it says nothing.
WITH ordered AS (
  SELECT
    subject,
    network,
    first_time,
    lag(network) OVER (PARTITION BY subject ORDER BY first_time, last_time, network) AS network_before,
    lag(last_time) OVER (PARTITION BY subject ORDER BY first_time, last_time, network) AS time_before
  FROM integrity_presence
  WHERE day BETWEEN $start AND $end AND subject % $parts = $part AND network <> 0
)
SELECT DISTINCT subject
FROM ordered
WHERE network <> network_before
  AND epoch(first_time) - epoch(time_before) <= $within_seconds
ORDER BY subject
