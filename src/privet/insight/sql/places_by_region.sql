-- Learners by region, where regions are known.
-- by: place, area
-- at least: events learners
WITH each AS (
  SELECT
    subject,
    country AS place,
    region AS area,
    sum(events) AS events
  FROM visits
  WHERE day BETWEEN $start AND $end
    AND ($institution = '' OR institution = $institution)
    AND ($course = '' OR course = $course)
    AND ($country = '' OR country = $country)
    AND ($network_kind = '' OR network_kind = $network_kind)
    AND region <> ''
  GROUP BY 1, 2, 3
)
SELECT
  place,
  area,
  count(*) AS learners,
  sum(subject % 4294967296) AS learners_key,
  sum(events) AS events,
  max(events) AS events_top
FROM each
GROUP BY place, area
ORDER BY learners DESC, events DESC, area
LIMIT 500
