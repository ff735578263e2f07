-- In which modes learners enrolled in the period.
-- by: mode
WITH each AS (
  SELECT DISTINCT subject, coalesce(json_extract_string(detail, '$.mode'), '') AS mode
  FROM events
  WHERE day BETWEEN $start AND $end
    AND name = 'edx.course.enrollment.activated'
    AND subject <> 0
)
SELECT mode, count(*) AS learners, sum(subject % 4294967296) AS learners_key
FROM each
GROUP BY mode
