-- In which courses something happened, and to how many.
-- by: course, institution
-- at least: events learners
WITH each AS (
  SELECT subject, course, institution, sum(events) AS events
  FROM acts
  WHERE day BETWEEN $start AND $end
    AND ($institution = '' OR institution = $institution)
    AND ($course = '' OR course = $course)
    AND name = $event
  GROUP BY 1, 2, 3
)
SELECT
  course,
  institution,
  count(*) AS learners,
  sum(subject % 4294967296) AS learners_key,
  sum(events) AS events,
  max(events) AS events_top
FROM each
GROUP BY course, institution
ORDER BY learners DESC, events DESC, course
LIMIT 500
