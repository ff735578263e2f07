-- To how many something happened, and how often, by day, week or month.
-- by: point
-- at least: events learners
WITH each AS (
  SELECT CAST(date_trunc($grain, day) AS DATE) AS point, subject, sum(events) AS events
  FROM acts
  WHERE day BETWEEN $start AND $end
    AND ($institution = '' OR institution = $institution)
    AND ($course = '' OR course = $course)
    AND name = $event
  GROUP BY 1, 2
)
SELECT
  point,
  count(*) AS learners,
  sum(subject % 4294967296) AS learners_key,
  sum(events) AS events,
  max(events) AS events_top
FROM each
GROUP BY point
ORDER BY point
