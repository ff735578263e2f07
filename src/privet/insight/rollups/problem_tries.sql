-- rollup for analytics
-- A learner's tries at a problem on a day: the first, the last, and whether the answer was shown.
WITH acts AS (
  SELECT
    day,
    subject,
    institution,
    course,
    time,
    event_id,
    name,
    coalesce(detail ->> 'problem_id', nullif(object, ''), '') AS problem,
    regexp_extract(page_path, '^/(?:courses|learning/course)/.+?/(units/[^/]+|courseware/[^/]+/[^/]+|block-v1:[^/]+type@sequential[^/]+)', 1) AS section,
    TRY_CAST(detail ->> 'grade' AS DOUBLE) AS grade,
    TRY_CAST(detail ->> 'max_grade' AS DOUBLE) AS max_grade,
    lower(coalesce(detail ->> 'success', '')) AS success,
    left(coalesce(detail ->> 'answers', ''), 300) AS answer
  FROM events
  WHERE name IN ('problem_check', 'showanswer')
    AND subject <> 0
),
tries AS (
  SELECT
    day,
    subject,
    institution,
    course,
    time,
    event_id,
    name,
    problem,
    section,
    grade,
    max_grade,
    answer,
    CASE
      WHEN success IN ('correct', 'true') OR (success = '' AND max_grade > 0 AND grade >= max_grade) THEN 1
      ELSE 0
    END AS is_right
  FROM acts
  WHERE problem <> ''
)
SELECT
  day,
  subject,
  institution,
  course,
  problem,
  left(md5(concat(institution, '|', course, '|', problem)), 12) AS problem_key,
  max(section) AS section,
  left(md5(concat(institution, '|', course, '|', max(section))), 12) AS section_key,
  count(*) FILTER (WHERE name = 'problem_check') AS tries,
  count(*) FILTER (WHERE name = 'showanswer') AS shown,
  min(time) FILTER (WHERE name = 'problem_check') AS first_time,
  max(time) FILTER (WHERE name = 'problem_check') AS last_time,
  arg_min(is_right, (time, event_id)) FILTER (WHERE name = 'problem_check') AS first_right,
  arg_max(is_right, (time, event_id)) FILTER (WHERE name = 'problem_check') AS last_right,
  min(CAST(epoch(time) * 1000000 AS BIGINT) * 2 + is_right) FILTER (WHERE name = 'problem_check') AS first_mark,
  coalesce(max(is_right) FILTER (WHERE name = 'problem_check'), 0) AS ever_right,
  arg_min(answer, (time, event_id)) FILTER (WHERE name = 'problem_check') AS first_answer,
  arg_max(answer, (time, event_id)) FILTER (WHERE name = 'problem_check') AS last_answer,
  arg_max(coalesce(grade, 0), (time, event_id)) FILTER (WHERE name = 'problem_check') AS grade,
  arg_max(coalesce(max_grade, 0), (time, event_id)) FILTER (WHERE name = 'problem_check') AS max_grade
FROM tries
GROUP BY day, subject, institution, course, problem
