-- rollup for analytics
-- Who did what teaching is kept for, of those whom the dashboards may show, on a day.
SELECT day, subject, institution, course, count(*) AS events
FROM events
WHERE subject <> 0 AND (uses & 1) <> 0
GROUP BY 1, 2, 3, 4
