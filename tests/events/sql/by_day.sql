-- How many events there are since a day.
SELECT count(*) AS events
FROM events
WHERE day >= CAST($first AS DATE)
