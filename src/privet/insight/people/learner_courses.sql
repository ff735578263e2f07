-- One learner's courses: when they came, how they are enrolled, what they did on the server.
SELECT
  institution,
  course,
  min(time) AS first_time,
  max(time) AS last_time,
  max(time) FILTER (WHERE name = 'edx.course.enrollment.activated') AS enrolled,
  max(time) FILTER (WHERE name = 'edx.course.enrollment.deactivated') AS gone,
  coalesce(arg_max(detail ->> 'mode', (time, event_id)) FILTER (WHERE name IN ('edx.course.enrollment.activated', 'edx.course.enrollment.mode_changed')), '') AS mode,
  max(time) FILTER (WHERE name = 'edx.certificate.created') AS certified,
  count(*) FILTER (WHERE name = 'problem_check') AS tries,
  count(*) FILTER (WHERE name LIKE 'edx.forum.%.created') AS posts
FROM events
WHERE subject BETWEEN $least AND $most
  AND list_contains($subjects, subject)
  AND course <> ''
GROUP BY institution, course
ORDER BY last_time DESC
LIMIT 200
