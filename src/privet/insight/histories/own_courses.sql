-- One learner's courses, newest first, and whether they left each of them.
SELECT
  course,
  coalesce(max(CASE WHEN name = 'edx.course.enrollment.deactivated' THEN time END), CAST('1970-01-01 00:00:00+00' AS TIMESTAMPTZ))
    >= coalesce(max(CASE WHEN name <> 'edx.course.enrollment.deactivated' THEN time END), CAST('1970-01-01 00:00:00+00' AS TIMESTAMPTZ)) AS has_left
FROM events
WHERE subject BETWEEN $least AND $most
  AND list_contains($subjects, subject)
  AND course <> ''
  AND name IN ('edx.course.enrollment.activated', 'edx.course.enrollment.deactivated', 'problem_check')
GROUP BY course
ORDER BY max(time) DESC
LIMIT 200
