-- One learner's results: for each problem, how often they tried it and what came of it.
WITH tries AS (
  SELECT
    course,
    time,
    event_id,
    name,
    coalesce(detail ->> 'problem_id', nullif(object, ''), '') AS problem,
    TRY_CAST(detail ->> 'grade' AS DOUBLE) AS grade,
    TRY_CAST(detail ->> 'max_grade' AS DOUBLE) AS max_grade
  FROM events
  WHERE name IN ('problem_check', 'showanswer')
    AND subject BETWEEN $least AND $most
  AND list_contains($subjects, subject)
)
SELECT
  course,
  problem,
  count(*) FILTER (WHERE name = 'problem_check') AS tries,
  arg_min(grade, (time, event_id)) FILTER (WHERE name = 'problem_check') AS first_grade,
  arg_max(grade, (time, event_id)) FILTER (WHERE name = 'problem_check') AS last_grade,
  arg_max(max_grade, (time, event_id)) FILTER (WHERE name = 'problem_check') AS max_grade,
  max(time) FILTER (WHERE name = 'problem_check') AS last_time,
  count(*) FILTER (WHERE name = 'showanswer') AS shown
FROM tries
WHERE problem <> ''
GROUP BY course, problem
ORDER BY course, max(time) DESC
LIMIT 1000
