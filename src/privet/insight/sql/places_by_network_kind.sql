-- Learners by kind of network.
-- by: kind
-- at least: events learners
WITH each AS (
  SELECT
    subject,
    network_kind AS kind,
    sum(events) AS events
  FROM visits
  WHERE day BETWEEN $start AND $end
    AND ($institution = '' OR institution = $institution)
    AND ($course = '' OR course = $course)
    AND ($country = '' OR country = $country)
    AND ($network_kind = '' OR network_kind = $network_kind)
  GROUP BY 1, 2
)
SELECT
  kind,
  count(*) AS learners,
  sum(subject % 4294967296) AS learners_key,
  sum(events) AS events,
  max(events) AS events_top
FROM each
GROUP BY kind
ORDER BY learners DESC, events DESC, kind
LIMIT 50
