-- Accounts that act in another country soon after, on another device: from a fixed line to a fixed
-- line, never by way of an anonymiser, a relay, a data centre or a carrier. After the rule
-- "impossible travel" as identity providers publish it (Okta: 805 km/h, Panther: 900 km/h); distances
-- are set against it afterwards. One device that changes its country has a VPN that nobody lists, and
-- one operator whose lines are told to be in two countries is told wrongly.
WITH fixed AS (
  SELECT subject, day, network, kind, country, asn, kit, first_time, last_time
  FROM integrity_presence
  WHERE day BETWEEN $start AND $end
    AND subject % $parts = $part
    AND kind IN ('residential', 'education')
    AND country <> ''
    AND network <> 0
    AND kit <> '||'
),
ordered AS (
  SELECT
    subject,
    day,
    network,
    kind,
    country,
    asn,
    kit,
    first_time,
    lag(network) OVER (PARTITION BY subject ORDER BY first_time, last_time, network, kit) AS network_before,
    lag(kind) OVER (PARTITION BY subject ORDER BY first_time, last_time, network, kit) AS kind_before,
    lag(country) OVER (PARTITION BY subject ORDER BY first_time, last_time, network, kit) AS country_before,
    lag(asn) OVER (PARTITION BY subject ORDER BY first_time, last_time, network, kit) AS asn_before,
    lag(kit) OVER (PARTITION BY subject ORDER BY first_time, last_time, network, kit) AS kit_before,
    lag(last_time) OVER (PARTITION BY subject ORDER BY first_time, last_time, network, kit) AS time_before
  FROM fixed
)
SELECT subject, day, '' AS problem, network_before, network, country_before, country, kind_before, kind, time_before, first_time
FROM ordered
WHERE country <> country_before
  AND network <> network_before
  AND asn <> asn_before
  AND kit <> kit_before
  AND epoch(first_time) - epoch(time_before) <= $within_seconds
ORDER BY subject, first_time
