SELECT name, count(*) AS events
FROM events
WHERE day BETWEEN $start AND $end
GROUP BY name
