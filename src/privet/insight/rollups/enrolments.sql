-- rollup for analytics
-- Into which courses a learner came on a day, in which they changed the mode, and which they left
-- or completed; in which mode, and when last.
SELECT
  day,
  subject,
  institution,
  course,
  name,
  coalesce(detail ->> 'mode', detail ->> 'enrollment_mode', '') AS mode,
  max(time) AS last_time,
  count(*) AS events
FROM events
WHERE subject <> 0
  AND name IN ('edx.course.enrollment.activated', 'edx.course.enrollment.deactivated', 'edx.course.enrollment.mode_changed', 'edx.certificate.created')
GROUP BY 1, 2, 3, 4, 5, 6
