-- rollup for analytics
-- How often a learner did what on a day.
SELECT
  day,
  subject,
  institution,
  course,
  name,
  left(md5(name), 12) AS name_key,
  count(*) AS events
FROM events
WHERE subject <> 0
GROUP BY 1, 2, 3, 4, 5
