-- The first and the last day of which there are events.
SELECT min(day) AS first_day, max(day) AS last_day
FROM events
