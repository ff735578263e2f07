-- How many learners did what teaching is kept for.
WITH each AS (
  SELECT DISTINCT subject
  FROM coursework
  WHERE day BETWEEN $start AND $end
    AND ($institution = '' OR institution = $institution)
    AND ($course = '' OR course = $course)
)
SELECT count(*) AS learners, sum(subject % 4294967296) AS learners_key
FROM each
