-- Which values of device occur in the period.
-- by: device
WITH each AS (
  SELECT DISTINCT subject, device
  FROM visits
  WHERE day BETWEEN $start AND $end
)
SELECT device, count(*) AS learners, sum(subject % 4294967296) AS learners_key
FROM each
GROUP BY device
ORDER BY device
