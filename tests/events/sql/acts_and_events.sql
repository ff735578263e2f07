-- For tests: acts and events.
SELECT sum(a.events) AS from_rollup, (SELECT count(*) FROM events) AS from_events
FROM day_acts AS a
