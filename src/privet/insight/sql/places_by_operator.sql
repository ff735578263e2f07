-- Learners by the operator of their network.
SELECT
  asn,
  coalesce(organisation, '') AS organisation,
  count(DISTINCT nullif(subject, 0)) AS learners,
  count(*) AS events
FROM events
WHERE day BETWEEN $start AND $end
  AND ($institution = '' OR institution = $institution)
  AND ($course = '' OR course = $course)
  AND ($event = '' OR name = $event)
GROUP BY 1, 2
ORDER BY learners DESC, events DESC, organisation
LIMIT 200
