-- rollup for analytics
-- How often each learner did what on a day.
SELECT
  day, subject, institution, course, name,
  count(*) AS events,
  min(time) AS first_time,
  sum(CASE WHEN country = 'ES' THEN 1 ELSE 0 END) AS from_spain
FROM events
GROUP BY day, subject, institution, course, name
