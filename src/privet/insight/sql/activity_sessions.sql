-- The figures of a period (the row without a length) and the sessions by their length.
-- A session lasts whole seconds.
-- by: length
-- of session_seconds: 0.5
-- at least: events learners, sessions learners if length
WITH lengths AS (
  SELECT
    subject,
    session,
    floor(epoch(max(last_time)) - epoch(min(first_time))) AS seconds,
    sum(events) AS events
  FROM visits
  WHERE day BETWEEN $start AND $end
    AND ($institution = '' OR institution = $institution)
    AND ($course = '' OR course = $course)
  GROUP BY subject, session
),
sorted AS (
  SELECT
    subject,
    seconds,
    CASE
      WHEN seconds < 60 THEN 0
      WHEN seconds < 300 THEN 1
      WHEN seconds < 900 THEN 2
      WHEN seconds < 1800 THEN 3
      WHEN seconds < 3600 THEN 4
      WHEN seconds < 7200 THEN 5
      ELSE 6
    END AS length
  FROM lengths
  WHERE session <> 0
),
each AS (
  SELECT subject, length, count(*) AS sessions
  FROM sorted
  GROUP BY subject, length
),
spread AS (
  SELECT seconds, count(*) AS number
  FROM sorted
  GROUP BY seconds
),
everybody AS (
  SELECT
    subject,
    sum(CASE WHEN session <> 0 THEN 1 ELSE 0 END) AS sessions,
    sum(events) AS events
  FROM lengths
  GROUP BY subject
)
SELECT
  NULL AS length,
  count(*) AS learners,
  sum(subject % 4294967296) AS learners_key,
  sum(sessions) AS sessions,
  max(sessions) AS sessions_top,
  sum(events) AS events,
  max(events) AS events_top,
  count(*) FILTER (WHERE sessions > 0) AS session_seconds_learners,
  sum(subject % 4294967296) FILTER (WHERE sessions > 0) AS session_seconds_learners_key,
  (SELECT array_agg(seconds ORDER BY seconds) FROM spread) AS session_seconds_values,
  (SELECT array_agg(number ORDER BY seconds) FROM spread) AS session_seconds_numbers
FROM everybody
UNION ALL
SELECT
  length,
  count(*) AS learners,
  sum(subject % 4294967296) AS learners_key,
  sum(sessions) AS sessions,
  max(sessions) AS sessions_top,
  NULL AS events,
  NULL AS events_top,
  NULL AS session_seconds_learners,
  NULL AS session_seconds_learners_key,
  NULL AS session_seconds_values,
  NULL AS session_seconds_numbers
FROM each
GROUP BY length
ORDER BY length
