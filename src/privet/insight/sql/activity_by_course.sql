-- Each course's part; events outside any course have an empty one.
-- by: course, institution
WITH parts AS (
  SELECT
    course,
    institution,
    subject,
    session,
    sum(events) AS events
  FROM visits
  WHERE day BETWEEN $start AND $end
    AND ($institution = '' OR institution = $institution)
    AND ($course = '' OR course = $course)
  GROUP BY 1, 2, 3, 4
),
each AS (
  SELECT
    course,
    institution,
    subject,
    sum(CASE WHEN session <> 0 THEN 1 ELSE 0 END) AS sessions,
    sum(events) AS events
  FROM parts
  GROUP BY 1, 2, 3
)
SELECT
  course,
  institution,
  count(*) AS learners,
  sum(subject % 4294967296) AS learners_key,
  sum(sessions) AS sessions,
  max(sessions) AS sessions_top,
  sum(events) AS events,
  max(events) AS events_top
FROM each
GROUP BY course, institution
ORDER BY learners DESC, events DESC, course
LIMIT 500
