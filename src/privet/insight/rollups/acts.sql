-- rollup for analytics
-- How often a learner did what on a day.
SELECT day, subject, institution, course, name, count(*) AS events
FROM events
WHERE subject <> 0
GROUP BY 1, 2, 3, 4, 5
