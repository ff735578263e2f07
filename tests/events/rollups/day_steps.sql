-- rollup for analytics
-- From which page to which, within a day and a course.
WITH steps AS (
  SELECT
    day, subject, institution, course, page_path,
    lag(page_path) OVER (
      PARTITION BY day, subject, institution, course, session ORDER BY time, event_id
    ) AS previous
  FROM events
)
SELECT day, subject, institution, course, coalesce(previous, '') AS previous, page_path,
  count(*) AS steps
FROM steps
GROUP BY ALL
