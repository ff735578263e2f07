-- Accounts at work on two fixed networks, with two devices, at the same time: intervals of at least
-- three acts without long gaps that overlap. One device on two lines is its router's
-- doing, and two lines of one operator are one home's IPv4 and IPv6. is_phone is whether a phone is
-- one of the two: it has a line of its own, whatever is known of that line.
WITH fixed AS (
  SELECT subject, day, network, kit, kind, country, asn, floor(epoch(first_time) / 300) AS slice, min(first_time) AS first_time, max(last_time) AS last_time, sum(acts) AS acts
  FROM integrity_presence
  WHERE day BETWEEN $start AND $end
    AND subject % $parts = $part
    AND network <> 0
    AND kind IN ('residential', 'education')
    AND kit <> '||'
  GROUP BY 1, 2, 3, 4, 5, 6, 7, 8
),
marked AS (
  SELECT
    subject,
    day,
    network,
    kit,
    kind,
    country,
    asn,
    first_time,
    last_time,
    acts,
    CASE WHEN epoch(first_time) - epoch(lag(last_time) OVER (PARTITION BY subject, day, network, kit ORDER BY first_time)) < $gap_seconds THEN 0 ELSE 1 END AS begins
  FROM fixed
),
numbered AS (
  SELECT
    subject,
    day,
    network,
    kit,
    kind,
    country,
    asn,
    first_time,
    last_time,
    acts,
    sum(begins) OVER (PARTITION BY subject, day, network, kit ORDER BY first_time) AS stretch
  FROM marked
),
stretches AS (
  SELECT subject, day, network, kit, stretch, max(kind) AS kind, max(country) AS country, max(asn) AS asn, min(first_time) AS first_time, max(last_time) AS last_time
  FROM numbered
  GROUP BY subject, day, network, kit, stretch
  HAVING sum(acts) >= 3
)
SELECT
  a.subject,
  a.day,
  '' AS problem,
  a.network AS network_before,
  b.network,
  a.country AS country_before,
  b.country,
  a.kind AS kind_before,
  b.kind,
  CASE WHEN a.kit LIKE '%|mobile' OR b.kit LIKE '%|mobile' THEN 1 ELSE 0 END AS is_phone,
  greatest(a.first_time, b.first_time) AS time_before,
  least(a.last_time, b.last_time) AS first_time
FROM stretches AS a
JOIN stretches AS b ON b.subject = a.subject AND b.day = a.day
WHERE a.network < b.network
  AND a.asn <> b.asn
  AND a.kit <> b.kit
  AND epoch(least(a.last_time, b.last_time)) - epoch(greatest(a.first_time, b.first_time)) >= $overlap_seconds
ORDER BY a.subject, a.day
