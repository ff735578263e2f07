-- The median length of a session, from its first to its last event.
SELECT median(seconds) AS session_seconds
FROM (
  SELECT epoch(max(time)) - epoch(min(time)) AS seconds
  FROM events
  WHERE day BETWEEN $start AND $end
    AND ($institution = '' OR institution = $institution)
    AND ($course = '' OR course = $course)
    AND ($event = '' OR name = $event)
    AND session <> 0
  GROUP BY session
) AS lengths
