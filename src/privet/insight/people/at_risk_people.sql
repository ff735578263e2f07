-- The learners of one course at risk by the rule, from what the server recorded.
WITH deeds AS (
  SELECT
    subject,
    day,
    time,
    event_id,
    name,
    coalesce(detail ->> 'problem_id', nullif(object, ''), '') AS problem,
    TRY_CAST(detail ->> 'grade' AS DOUBLE) AS grade,
    TRY_CAST(detail ->> 'max_grade' AS DOUBLE) AS max_grade
  FROM events
  WHERE day BETWEEN $start AND $end
    AND course = $course
    AND subject <> 0
),
enrolled AS (
  SELECT subject, max(day) AS last_day
  FROM deeds
  GROUP BY subject
  HAVING max(CASE WHEN name = 'edx.course.enrollment.activated' THEN time END) IS NOT NULL
    AND max(CASE WHEN name = 'edx.course.enrollment.activated' THEN time END)
      > coalesce(max(CASE WHEN name = 'edx.course.enrollment.deactivated' THEN time END), CAST('1970-01-01 00:00:00+00' AS TIMESTAMPTZ))
    AND count(*) FILTER (WHERE name = 'edx.certificate.created') = 0
),
problems AS (
  SELECT
    subject,
    problem,
    arg_max(coalesce(grade, 0), (time, event_id)) AS grade,
    arg_max(coalesce(max_grade, 0), (time, event_id)) AS max_grade
  FROM deeds
  WHERE name = 'problem_check'
    AND problem <> ''
  GROUP BY subject, problem
),
grades AS (
  SELECT subject, count(*) AS problems, sum(grade) AS grade, sum(max_grade) AS max_grade
  FROM problems
  GROUP BY subject
)
SELECT
  e.subject,
  e.last_day,
  coalesce(g.problems, 0) AS problems,
  CASE WHEN g.max_grade > 0 THEN g.grade / g.max_grade END AS share
FROM enrolled AS e
LEFT JOIN grades AS g ON g.subject = e.subject
WHERE date_diff('day', e.last_day, CAST($end AS DATE)) >= $days_away
  AND (g.max_grade IS NULL OR g.max_grade = 0 OR g.grade / g.max_grade < $pass_share)
ORDER BY e.last_day DESC, e.subject
