-- Who came into which course in which mode, and who completed it (received a certificate).
-- by: course, institution, last_mode
WITH each AS (
  SELECT
    subject,
    course,
    institution,
    coalesce(arg_max(mode, (last_time, mode)) FILTER (WHERE mode <> ''), '') AS last_mode,
    max(CASE WHEN name = 'edx.course.enrollment.activated' THEN 1 ELSE 0 END) AS came,
    max(CASE WHEN name = 'edx.certificate.created' THEN 1 ELSE 0 END) AS finished
  FROM enrolments
  WHERE day BETWEEN $start AND $end
    AND ($institution = '' OR institution = $institution)
    AND ($course = '' OR course = $course)
  GROUP BY 1, 2, 3
)
SELECT
  course,
  institution,
  last_mode,
  sum(came) AS enrolled,
  sum(CASE WHEN came = 1 THEN subject % 4294967296 ELSE 0 END) AS enrolled_key,
  sum(finished) AS completed,
  sum(CASE WHEN finished = 1 THEN subject % 4294967296 ELSE 0 END) AS completed_key,
  sum(came * finished) AS through,
  sum(CASE WHEN came * finished = 1 THEN subject % 4294967296 ELSE 0 END) AS through_key
FROM each
GROUP BY 1, 2, 3
ORDER BY enrolled DESC, course, last_mode
LIMIT 1000
