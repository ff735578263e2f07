-- rollup for integrity
-- From where, and with what, an account signed in, submitted, asked for answers and posted on a day,
-- in slices of five minutes: only acts on the server count, never a page that loads itself anew, and
-- no sign-in that failed, since that may be anybody. A browser counts without its version.
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
  concat(regexp_replace(coalesce(browser, ''), ' [0-9.]+', ''), '|', coalesce(os, ''), '|', coalesce(device, '')) AS kit,
  floor(epoch(time) / 300) AS slice,
  min(time) AS first_time,
  max(time) AS last_time,
  count(*) AS acts
FROM events
WHERE name IN ('login', 'problem_check', 'showanswer', 'edx.forum.thread.created', 'edx.forum.response.created', 'edx.forum.comment.created')
  AND (name <> 'login' OR coalesce(detail ->> 'outcome', 'success') IN ('success', 'succeeded', 'ok', 'true'))
  AND subject <> 0
  AND time <= received + INTERVAL 1 MINUTE
GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11
