-- Which values of network_kind occur in the period.
-- by: network_kind
WITH each AS (
  SELECT DISTINCT subject, network_kind
  FROM visits
  WHERE day BETWEEN $start AND $end
)
SELECT network_kind, count(*) AS learners, sum(subject % 4294967296) AS learners_key
FROM each
GROUP BY network_kind
ORDER BY network_kind
