-- rollup for integrity
-- On which kind of device an account submitted and asked for answers on a day: for the fairness
-- report alone, no detector reads it. Only acts on the server count.
SELECT
  day,
  subject,
  institution,
  course,
  coalesce(device, '') AS device,
  count(*) AS acts
FROM events
WHERE name IN ('problem_check', 'showanswer', 'edx.forum.thread.created', 'edx.forum.response.created', 'edx.forum.comment.created')
  AND subject <> 0
  AND time <= received + INTERVAL 1 MINUTE
GROUP BY 1, 2, 3, 4, 5
