-- For how long some accounts were watched, and on how many days each network was theirs.
WITH seen AS (
  SELECT subject, day, network, acts
  FROM integrity_presence
  WHERE day BETWEEN $start AND $end
    AND subject IN (SELECT unnest($subjects))
),
accounts AS (
  SELECT subject, count(DISTINCT day) AS active_days, date_diff('day', min(day), max(day)) AS watched_days, sum(acts) AS acts
  FROM seen
  GROUP BY subject
),
places AS (
  SELECT subject, network, count(DISTINCT day) AS days
  FROM seen
  GROUP BY subject, network
)
SELECT a.subject, a.active_days, a.watched_days, a.acts, p.network, p.days
FROM accounts AS a
JOIN places AS p ON p.subject = a.subject
ORDER BY a.subject, p.network
