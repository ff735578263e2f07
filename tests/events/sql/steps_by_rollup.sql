-- For tests: steps by rollup.
SELECT day, subject, institution, course, previous, page_path, steps
FROM day_steps
WHERE day BETWEEN $start AND $end
ORDER BY ALL
