-- rollup for analytics
-- What failed on a learner's pages on a day, by the error's signature: its message without
-- numbers and quoted texts, and the five innermost functions.
WITH told AS (
  SELECT
    day,
    subject,
    institution,
    course,
    time,
    page_path,
    coalesce(browser, '') AS browser,
    coalesce(os, '') AS os,
    coalesce(device, '') AS device,
    coalesce(detail ->> 'script', '') AS script,
    regexp_replace(regexp_replace(coalesce(detail ->> 'message', ''), '"[^"]*"|''[^'']*''|`[^`]*`', '…', 'g'), '[0-9]+', '#', 'g') AS message,
    regexp_extract(coalesce(detail ->> 'stack', ''), '^((?:[^<\n]*[<\n]){0,4}[^<\n]*)', 1) AS stack
  FROM events
  WHERE name = 'page_error'
    AND subject <> 0
)
SELECT
  day,
  subject,
  institution,
  course,
  left(md5(concat(message, '|', trim(stack))), 12) AS signature,
  message,
  trim(stack) AS stack,
  max(script) AS script,
  page_path,
  browser,
  os,
  device,
  min(time) AS first_time,
  max(time) AS last_time,
  count(*) AS errors
FROM told
GROUP BY day, subject, institution, course, message, trim(stack), page_path, browser, os, device
