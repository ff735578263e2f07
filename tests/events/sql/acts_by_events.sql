-- For tests: acts by events.
SELECT
  day, subject, institution, course, name, count(*) AS events, min(time) AS first_time,
  sum(CASE WHEN country = 'ES' THEN 1 ELSE 0 END) AS from_spain
FROM events
WHERE day BETWEEN $start AND $end
GROUP BY day, subject, institution, course, name
ORDER BY ALL
