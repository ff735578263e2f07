-- How many learners did what teaching is kept for; asked under two uses and compared.
WITH each AS (
  SELECT DISTINCT subject
  FROM events
  WHERE day BETWEEN $start AND $end
    AND ($institution = '' OR institution = $institution)
    AND ($course = '' OR course = $course)
    AND (uses & 1) <> 0
    AND subject <> 0
)
SELECT count(*) AS learners, sum(subject % 4294967296) AS learners_key
FROM each
