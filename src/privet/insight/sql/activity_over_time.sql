-- Learners, sessions and events by day, week or month.
-- by: point
-- at least: events learners
WITH parts AS (
  SELECT
    CAST(date_trunc($grain, day) AS DATE) AS point,
    subject,
    session,
    sum(events) AS events
  FROM visits
  WHERE day BETWEEN $start AND $end
    AND ($institution = '' OR institution = $institution)
    AND ($course = '' OR course = $course)
  GROUP BY 1, 2, 3
),
each AS (
  SELECT
    point,
    subject,
    sum(CASE WHEN session <> 0 THEN 1 ELSE 0 END) AS sessions,
    sum(events) AS events
  FROM parts
  GROUP BY 1, 2
)
SELECT
  point,
  count(*) AS learners,
  sum(subject % 4294967296) AS learners_key,
  sum(sessions) AS sessions,
  max(sessions) AS sessions_top,
  sum(events) AS events,
  max(events) AS events_top
FROM each
GROUP BY point
ORDER BY point
