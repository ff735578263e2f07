-- The median length of a session, from its first to its last event.
WITH lengths AS (
  SELECT subject, session, epoch(max(time)) - epoch(min(time)) AS seconds
  FROM events
  WHERE day BETWEEN $start AND $end
    AND ($institution = '' OR institution = $institution)
    AND ($course = '' OR course = $course)
    AND ($event = '' OR name = $event)
    AND subject <> 0
    AND session <> 0
  GROUP BY subject, session
),
each AS (
  SELECT DISTINCT subject FROM lengths
)
SELECT
  (SELECT count(*) FROM each) AS learners,
  (SELECT sum(subject % 4294967296) FROM each) AS learners_key,
  (SELECT median(seconds) FROM lengths) AS session_seconds_stat
