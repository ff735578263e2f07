-- rollup for integrity
-- From where an account submitted and asked for answers on a day, in slices of five minutes: only
-- acts on the server count, never a page that loads itself anew.
SELECT
  day,
  subject,
  institution,
  course,
  coalesce(key_id, 0) AS key_id,
  coalesce(network_token, 0) AS network,
  coalesce(network_kind, '') AS kind,
  coalesce(country, '') AS country,
  coalesce(asn, 0) AS asn,
  floor(epoch(time) / 300) AS slice,
  min(time) AS first_time,
  max(time) AS last_time,
  count(*) AS acts
FROM events
WHERE name IN ('problem_check', 'showanswer', 'edx.forum.thread.created', 'edx.forum.response.created', 'edx.forum.comment.created')
  AND subject <> 0
  AND time <= received + INTERVAL 1 MINUTE
GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9, 10
