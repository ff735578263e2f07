-- Each course's part; events outside any course have an empty one.
-- by: course, institution
-- at least: events learners
WITH parts AS (
  SELECT course_key, subject, session, sum(events) AS events
  FROM visits
  WHERE day BETWEEN $start AND $end
    AND ($institution = '' OR institution = $institution)
    AND ($course = '' OR course = $course)
  GROUP BY 1, 2, 3
),
each AS (
  SELECT
    course_key,
    subject,
    sum(CASE WHEN session <> 0 THEN 1 ELSE 0 END) AS sessions,
    sum(events) AS events
  FROM parts
  GROUP BY 1, 2
),
counted AS (
  SELECT
    course_key,
    count(*) AS learners,
    sum(subject % 4294967296) AS learners_key,
    sum(sessions) AS sessions,
    max(sessions) AS sessions_top,
    sum(events) AS events,
    max(events) AS events_top
  FROM each
  GROUP BY course_key
),
names AS (
  SELECT course_key, institution, course
  FROM visits
  WHERE day BETWEEN $start AND $end
    AND ($institution = '' OR institution = $institution)
    AND ($course = '' OR course = $course)
  GROUP BY 1, 2, 3
)
SELECT
  n.course,
  n.institution,
  c.learners,
  c.learners_key,
  c.sessions,
  c.sessions_top,
  c.events,
  c.events_top
FROM counted AS c
INNER JOIN names AS n ON n.course_key = c.course_key
ORDER BY learners DESC, events DESC, course
LIMIT 500
