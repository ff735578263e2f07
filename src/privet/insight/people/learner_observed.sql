-- What one learner's browser observed in each course: pages, days, and when last.
SELECT
  course,
  count(*) FILTER (WHERE name = 'page_view') AS pages,
  count(DISTINCT day) AS days,
  max(time) AS last_time
FROM events
WHERE subject BETWEEN $least AND $most
  AND list_contains($subjects, subject)
  AND (uses & 7) = 0
GROUP BY course
ORDER BY course
LIMIT 200
