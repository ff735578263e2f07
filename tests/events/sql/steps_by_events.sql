-- For tests: steps by events.
SELECT day, subject, institution, course, coalesce(previous, '') AS previous, page_path,
  count(*) AS steps
FROM (
  SELECT
    day, subject, institution, course, page_path,
    lag(page_path) OVER (
      PARTITION BY day, subject, institution, course, session ORDER BY time, event_id
    ) AS previous
  FROM events
  WHERE day BETWEEN $start AND $end
) AS steps
GROUP BY ALL
ORDER BY ALL
