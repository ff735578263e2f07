-- Who took which course and did not leave it, as far as each allows it for suggestions.
SELECT subject, course
FROM events
WHERE subject <> 0
  AND course <> ''
  AND name IN ('edx.course.enrollment.activated', 'edx.course.enrollment.deactivated', 'problem_check')
GROUP BY subject, course
HAVING max(CASE WHEN name <> 'edx.course.enrollment.deactivated' THEN time END)
  > coalesce(max(CASE WHEN name = 'edx.course.enrollment.deactivated' THEN time END), CAST('1970-01-01 00:00:00+00' AS TIMESTAMPTZ))
