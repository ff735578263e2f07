-- Which days of which courses have something to look at.
SELECT course, institution, day, count(*) AS accounts
FROM integrity_answers
WHERE day BETWEEN $start AND $end
  AND course <> ''
GROUP BY course, institution, day
ORDER BY course, day, institution
