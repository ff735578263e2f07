-- How many correct answers the accounts of each course gave, one for each problem.
WITH solved AS (
  SELECT DISTINCT course, institution, subject, problem
  FROM integrity_answers
  WHERE day BETWEEN $start AND $end
    AND course <> ''
    AND solved IS NOT NULL
)
SELECT course, institution, count(*) AS answers
FROM solved
GROUP BY course, institution
ORDER BY course, institution
