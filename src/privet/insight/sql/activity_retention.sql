-- Of those who first enrolled in a week or month (the row without a point): who came back when.
-- by: cohort, point
WITH entered AS (
  SELECT subject, CAST(date_trunc($grain, min(day)) AS DATE) AS cohort
  FROM enrolments
  WHERE day BETWEEN $start AND $end
    AND ($institution = '' OR institution = $institution)
    AND ($course = '' OR course = $course)
    AND name = 'edx.course.enrollment.activated'
  GROUP BY subject
),
active AS (
  SELECT DISTINCT subject, CAST(date_trunc($grain, day) AS DATE) AS point
  FROM hours
  WHERE day BETWEEN $start AND $end
    AND ($institution = '' OR institution = $institution)
    AND ($course = '' OR course = $course)
)
SELECT
  cohort,
  CAST(NULL AS DATE) AS point,
  count(*) AS learners,
  sum(subject % 4294967296) AS learners_key
FROM entered
GROUP BY cohort
UNION ALL
SELECT
  e.cohort,
  a.point,
  count(*) AS learners,
  sum(e.subject % 4294967296) AS learners_key
FROM entered AS e
JOIN active AS a ON a.subject = e.subject
WHERE a.point > e.cohort
GROUP BY e.cohort, a.point
ORDER BY cohort, point
