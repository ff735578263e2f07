-- Learners by region, where regions are known.
SELECT
  coalesce(country, '') AS country,
  region,
  count(DISTINCT nullif(subject, 0)) AS learners,
  count(*) AS events
FROM events
WHERE day BETWEEN $start AND $end
  AND ($institution = '' OR institution = $institution)
  AND ($course = '' OR course = $course)
  AND ($event = '' OR name = $event)
  AND coalesce(region, '') <> ''
GROUP BY 1, 2
ORDER BY learners DESC, events DESC, region
LIMIT 500
