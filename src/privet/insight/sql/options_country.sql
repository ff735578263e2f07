-- Which values of country occur in the period.
-- by: country
WITH each AS (
  SELECT DISTINCT subject, country
  FROM events
  WHERE day BETWEEN $start AND $end AND subject <> 0
)
SELECT country, count(*) AS learners, sum(subject % 4294967296) AS learners_key
FROM each
GROUP BY country
