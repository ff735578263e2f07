-- Which institutions and courses occur in the period.
-- by: institution, course
WITH each AS (
  SELECT DISTINCT subject, institution, course
  FROM hours
  WHERE day BETWEEN $start AND $end
)
SELECT institution, course, count(*) AS learners, sum(subject % 4294967296) AS learners_key
FROM each
GROUP BY institution, course
ORDER BY institution, course
