-- Learners by browser.
-- by: name
-- at least: events learners
WITH each AS (
  SELECT
    subject,
    browser AS name,
    sum(events) AS events
  FROM visits
  WHERE day BETWEEN $start AND $end
    AND ($institution = '' OR institution = $institution)
    AND ($course = '' OR course = $course)
  GROUP BY 1, 2
)
SELECT
  name,
  count(*) AS learners,
  sum(subject % 4294967296) AS learners_key,
  sum(events) AS events,
  max(events) AS events_top
FROM each
GROUP BY name
ORDER BY learners DESC, events DESC, name
LIMIT 200
