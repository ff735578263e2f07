-- rollup for analytics
-- Into which courses a learner came on a day, and which they completed, and in which mode.
SELECT
  day,
  subject,
  institution,
  course,
  name,
  coalesce(detail ->> 'mode', detail ->> 'enrollment_mode', '') AS mode,
  count(*) AS events
FROM events
WHERE subject <> 0
  AND name IN ('edx.course.enrollment.activated', 'edx.course.enrollment.deactivated', 'edx.certificate.created')
GROUP BY 1, 2, 3, 4, 5, 6
