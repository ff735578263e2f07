-- Learners by region, where regions are known.
-- by: place, area
WITH each AS (
  SELECT
    subject,
    coalesce(country, '') AS place,
    region AS area,
    count(*) AS events
  FROM events
  WHERE day BETWEEN $start AND $end
    AND ($institution = '' OR institution = $institution)
    AND ($course = '' OR course = $course)
    AND ($event = '' OR name = $event)
    AND subject <> 0
    AND coalesce(region, '') <> ''
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
