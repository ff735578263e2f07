-- Each section of a course: who opened its pages, watched its videos, tried its problems.
-- The time is of three digits.
-- by: institution, course, section
-- of seconds: 0.5
WITH parts AS (
  SELECT section_key, subject, views, visible_seconds, 0 AS plays, 0 AS tries
  FROM section_views
  WHERE day BETWEEN $start AND $end
    AND ($institution = '' OR institution = $institution)
    AND ($course = '' OR course = $course)
  UNION ALL
  SELECT section_key, subject, 0, 0, plays, 0
  FROM video_views
  WHERE day BETWEEN $start AND $end
    AND ($institution = '' OR institution = $institution)
    AND ($course = '' OR course = $course)
  UNION ALL
  SELECT section_key, subject, 0, 0, 0, tries
  FROM problem_tries
  WHERE day BETWEEN $start AND $end
    AND ($institution = '' OR institution = $institution)
    AND ($course = '' OR course = $course)
),
people AS (
  SELECT
    section_key,
    subject,
    sum(views) AS views,
    sum(visible_seconds) AS seconds,
    sum(plays) AS plays,
    sum(tries) AS tries
  FROM parts
  GROUP BY section_key, subject
),
counted AS (
  SELECT
    section_key,
    count(*) AS learners,
    sum(subject % 4294967296) AS learners_key,
    count(*) FILTER (WHERE views > 0) AS readers,
    sum(subject % 4294967296) FILTER (WHERE views > 0) AS readers_key,
    count(*) FILTER (WHERE plays > 0) AS viewers,
    sum(subject % 4294967296) FILTER (WHERE plays > 0) AS viewers_key,
    count(*) FILTER (WHERE tries > 0) AS triers,
    sum(subject % 4294967296) FILTER (WHERE tries > 0) AS triers_key,
    count(*) FILTER (WHERE seconds > 0) AS seconds_learners,
    sum(subject % 4294967296) FILTER (WHERE seconds > 0) AS seconds_learners_key
  FROM people
  GROUP BY section_key
),
times AS (
  SELECT
    section_key,
    round(seconds, 2 - CAST(floor(log10(seconds)) AS INTEGER)) AS seconds,
    count(*) AS number
  FROM people
  WHERE seconds > 0
  GROUP BY 1, 2
),
spread AS (
  SELECT
    section_key,
    array_agg(seconds ORDER BY seconds) AS seconds_values,
    array_agg(number ORDER BY seconds) AS seconds_numbers
  FROM times
  GROUP BY section_key
),
names AS (
  SELECT section_key, institution, course, section
  FROM section_views
  WHERE day BETWEEN $start AND $end
    AND ($institution = '' OR institution = $institution)
    AND ($course = '' OR course = $course)
  GROUP BY 1, 2, 3, 4
  UNION
  SELECT section_key, institution, course, section
  FROM video_views
  WHERE day BETWEEN $start AND $end
    AND ($institution = '' OR institution = $institution)
    AND ($course = '' OR course = $course)
  GROUP BY 1, 2, 3, 4
  UNION
  SELECT section_key, institution, course, section
  FROM problem_tries
  WHERE day BETWEEN $start AND $end
    AND ($institution = '' OR institution = $institution)
    AND ($course = '' OR course = $course)
  GROUP BY 1, 2, 3, 4
)
SELECT
  n.institution,
  n.course,
  n.section,
  c.learners,
  c.learners_key,
  c.readers,
  c.readers_key,
  c.viewers,
  c.viewers_key,
  c.triers,
  c.triers_key,
  c.seconds_learners,
  c.seconds_learners_key,
  s.seconds_values,
  s.seconds_numbers
FROM counted AS c
INNER JOIN names AS n ON n.section_key = c.section_key
LEFT JOIN spread AS s ON s.section_key = c.section_key
ORDER BY institution, course, section
LIMIT 2000
