-- Learners by the operator of their network.
-- by: asn, operator
-- at least: events learners
WITH each AS (
  SELECT
    subject,
    nullif(asn, 0) AS asn,
    organisation AS operator,
    sum(events) AS events
  FROM visits
  WHERE day BETWEEN $start AND $end
    AND ($institution = '' OR institution = $institution)
    AND ($course = '' OR course = $course)
    AND ($country = '' OR country = $country)
    AND ($network_kind = '' OR network_kind = $network_kind)
  GROUP BY 1, 2, 3
)
SELECT
  asn,
  operator,
  count(*) AS learners,
  sum(subject % 4294967296) AS learners_key,
  sum(events) AS events,
  max(events) AS events_top
FROM each
GROUP BY asn, operator
ORDER BY learners DESC, events DESC, operator
LIMIT 200
