-- How many enrolled and how many completed a course in a period, each learner once.
WITH each AS (
  SELECT
    subject,
    max(CASE WHEN name = 'edx.course.enrollment.activated' THEN 1 ELSE 0 END) AS came,
    max(CASE WHEN name = 'edx.certificate.created' THEN 1 ELSE 0 END) AS finished
  FROM enrolments
  WHERE day BETWEEN $start AND $end
    AND ($institution = '' OR institution = $institution)
    AND ($course = '' OR course = $course)
  GROUP BY subject
)
SELECT
  sum(came) AS enrolled,
  sum(CASE WHEN came = 1 THEN subject % 4294967296 ELSE 0 END) AS enrolled_key,
  sum(finished) AS completed,
  sum(CASE WHEN finished = 1 THEN subject % 4294967296 ELSE 0 END) AS completed_key
FROM each
