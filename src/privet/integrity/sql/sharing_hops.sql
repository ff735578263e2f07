-- Accounts that act in another country soon after, on another device: from a fixed line to a fixed
-- line, never by way of an anonymiser, a relay, a data centre or a carrier. After the rule
-- "impossible travel" as identity providers publish it (Okta: 805 km/h, Panther: 900 km/h); distances
-- are set against it afterwards. One device that changes its country has a VPN that nobody lists.
WITH seen AS (
  SELECT subject, day, network, kind, country, kit, first_time, last_time, acts
  FROM integrity_presence
  WHERE day BETWEEN $start AND $end
    AND subject % $parts = $part
),
accounts AS (
  SELECT subject, min(day) AS first_day, count(DISTINCT day) AS active_days
  FROM seen
  GROUP BY subject
),
ordered AS (
  SELECT
    subject,
    day,
    network,
    kind,
    country,
    kit,
    first_time,
    sum(acts) OVER (PARTITION BY subject ORDER BY first_time, last_time, network, kit) AS acts_seen,
    lag(network) OVER (PARTITION BY subject ORDER BY first_time, last_time, network, kit) AS network_before,
    lag(kind) OVER (PARTITION BY subject ORDER BY first_time, last_time, network, kit) AS kind_before,
    lag(country) OVER (PARTITION BY subject ORDER BY first_time, last_time, network, kit) AS country_before,
    lag(kit) OVER (PARTITION BY subject ORDER BY first_time, last_time, network, kit) AS kit_before,
    lag(last_time) OVER (PARTITION BY subject ORDER BY first_time, last_time, network, kit) AS time_before
  FROM seen
  WHERE kind IN ('residential', 'education')
    AND country <> ''
    AND network <> 0
    AND kit <> '||'
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
  o.kit_before,
  o.kit,
  o.time_before,
  o.first_time,
  a.active_days
FROM ordered AS o
JOIN accounts AS a ON a.subject = o.subject
WHERE o.country <> o.country_before
  AND o.network <> o.network_before
  AND o.kit <> o.kit_before
  AND epoch(o.first_time) - epoch(o.time_before) <= $within_seconds
  AND date_diff('day', a.first_day, o.day) >= $learned_days
  AND o.acts_seen > $learned_acts
ORDER BY o.subject, o.first_time
