-- How many learners were active in a period, and how many events they caused.
-- at least: events learners
WITH each AS (
  SELECT subject, sum(events) AS events
  FROM acts
  WHERE day BETWEEN $start AND $end
    AND ($institution = '' OR institution = $institution)
    AND ($course = '' OR course = $course)
    AND ($event = '' OR name = $event)
  GROUP BY subject
)
SELECT
  count(*) AS learners,
  sum(subject % 4294967296) AS learners_key,
  sum(events) AS events,
  max(events) AS events_top
FROM each
