-- For tests: acts by rollup.
SELECT day, subject, institution, course, name, events, first_time, from_spain
FROM day_acts
WHERE day BETWEEN $start AND $end
ORDER BY ALL
