-- rollup for analytics
-- When a learner last did, on a day, what experiments are most often about, and to what.
WITH acts AS (
  SELECT
    day,
    subject,
    institution,
    course,
    time,
    name,
    coalesce(CASE name WHEN 'link_click' THEN detail ->> 'target' WHEN 'control_use' THEN detail ->> 'control' ELSE object END, '') AS target
  FROM events
  WHERE name IN ('link_click', 'control_use', 'edx.course.enrollment.activated', 'edx.certificate.created')
    AND subject <> 0
)
SELECT
  day,
  subject,
  institution,
  course,
  name,
  target,
  max(time) AS last_time
FROM acts
GROUP BY day, subject, institution, course, name, target
