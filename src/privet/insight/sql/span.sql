-- The first and the last day of which there are events.
-- by: first_day, last_day
SELECT min(day) AS first_day, max(day) AS last_day
FROM hours
