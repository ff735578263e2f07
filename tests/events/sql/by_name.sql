-- How many events have a name.
SELECT count(*) AS events
FROM events
WHERE name = $name
