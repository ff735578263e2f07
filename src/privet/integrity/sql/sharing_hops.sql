-- Accounts that act in another country soon after: from a fixed line to a fixed line, never by way
-- of an anonymiser, a relay, a data centre or a carrier. After the rule "impossible travel" as
-- identity providers publish it (Okta: 805 km/h, Panther: 900 km/h); distances are set against it
-- afterwards.
WITH seen AS (
  SELECT subject, day, network, kind, country, first_time, last_time
  FROM integrity_presence
  WHERE day BETWEEN $start AND $end
    AND subject % $parts = $part
),
ordered AS (
  SELECT
    subject,
    day,
    network,
    kind,
    country,
    first_time,
    lag(network) OVER (PARTITION BY subject ORDER BY first_time, last_time, network) AS network_before,
    lag(kind) OVER (PARTITION BY subject ORDER BY first_time, last_time, network) AS kind_before,
    lag(country) OVER (PARTITION BY subject ORDER BY first_time, last_time, network) AS country_before,
    lag(last_time) OVER (PARTITION BY subject ORDER BY first_time, last_time, network) AS time_before
  FROM seen
),
accounts AS (
  SELECT subject, min(day) AS first_day, count(DISTINCT day) AS active_days
  FROM seen
  GROUP BY subject
)
SELECT
  o.subject,
  o.day,
  o.network_before,
  o.network,
  o.country_before,
  o.country,
  o.kind_before,
  o.kind,
  o.time_before,
  o.first_time,
  a.active_days
FROM ordered AS o
JOIN accounts AS a ON a.subject = o.subject
WHERE o.country <> ''
  AND o.country_before <> ''
  AND o.country <> o.country_before
  AND o.kind IN ('residential', 'education')
  AND o.kind_before IN ('residential', 'education')
  AND epoch(o.first_time) - epoch(o.time_before) <= $within_seconds
  AND date_diff('day', a.first_day, o.day) >= $learned_days
ORDER BY o.subject, o.first_time
