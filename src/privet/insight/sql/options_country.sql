-- Which values of country occur in the period.
-- by: country
WITH each AS (
  SELECT DISTINCT subject, country
  FROM visits
  WHERE day BETWEEN $start AND $end
)
SELECT country, count(*) AS learners, sum(subject % 4294967296) AS learners_key
FROM each
GROUP BY country
ORDER BY country
