-- How many of those who did coursework the dashboards may show.
WITH each AS (
  SELECT DISTINCT subject
  FROM coursework_shown
  WHERE day BETWEEN $start AND $end
    AND ($institution = '' OR institution = $institution)
    AND ($course = '' OR course = $course)
)
SELECT count(*) AS learners, sum(subject % 4294967296) AS learners_key
FROM each
