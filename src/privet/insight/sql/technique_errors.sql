-- What failed on pages, by signature: to how many, how often, when first and last.
-- by: signature, message, stack, first_day, last_day
WITH people AS (
  SELECT
    signature,
    subject,
    max(message) AS message,
    max(stack) AS stack,
    min(day) AS first_day,
    max(day) AS last_day,
    sum(errors) AS errors
  FROM page_errors
  WHERE day BETWEEN $start AND $end
    AND ($institution = '' OR institution = $institution)
    AND ($course = '' OR course = $course)
  GROUP BY signature, subject
)
SELECT
  signature,
  max(message) AS message,
  max(stack) AS stack,
  min(first_day) AS first_day,
  max(last_day) AS last_day,
  count(*) AS learners,
  sum(subject % 4294967296) AS learners_key,
  sum(errors) AS errors,
  max(errors) AS errors_top
FROM people
GROUP BY signature
ORDER BY learners DESC, signature
LIMIT 200
