-- rollup for analytics
-- In which hours (UTC) of a day a learner did something.
SELECT day, subject, institution, course, extract(hour FROM time) AS hour_of_day, count(*) AS events
FROM events
WHERE subject <> 0
GROUP BY 1, 2, 3, 4, 5
