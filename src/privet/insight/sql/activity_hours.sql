-- When learners are active: the days of the week (0 is Monday) and the hours (UTC).
-- by: weekday, hour_of_day
-- at least: events learners
WITH each AS (
  SELECT
    subject,
    date_diff('day', CAST('2001-01-01' AS DATE), day) % 7 AS weekday,
    hour_of_day,
    sum(events) AS events
  FROM hours
  WHERE day BETWEEN $start AND $end
    AND ($institution = '' OR institution = $institution)
    AND ($course = '' OR course = $course)
  GROUP BY 1, 2, 3
)
SELECT
  weekday,
  hour_of_day,
  count(*) AS learners,
  sum(subject % 4294967296) AS learners_key,
  sum(events) AS events,
  max(events) AS events_top
FROM each
GROUP BY weekday, hour_of_day
ORDER BY weekday, hour_of_day
