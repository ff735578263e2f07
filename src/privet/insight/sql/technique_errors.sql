-- What failed on pages, by signature: to how many, how often, when first and last.
-- by: signature, message, stack, first_day, last_day
-- of first_day: least
-- of last_day: greatest
-- at least: errors learners
WITH people AS (
  SELECT
    signature,
    subject,
    max(message) AS message,
    max(stack) AS stack,
    sum(errors) AS errors
  FROM page_errors
  WHERE day BETWEEN $start AND $end
    AND ($institution = '' OR institution = $institution)
    AND ($course = '' OR course = $course)
  GROUP BY signature, subject
),
days AS (
  SELECT signature, day, count(*) AS number
  FROM page_errors
  WHERE day BETWEEN $start AND $end
    AND ($institution = '' OR institution = $institution)
    AND ($course = '' OR course = $course)
  GROUP BY signature, day
),
spread AS (
  SELECT
    signature,
    array_agg(day ORDER BY day) AS days,
    array_agg(number ORDER BY day) AS numbers
  FROM days
  GROUP BY signature
),
counted AS (
  SELECT
    signature,
    max(message) AS message,
    max(stack) AS stack,
    count(*) AS learners,
    sum(subject % 4294967296) AS learners_key,
    sum(errors) AS errors,
    max(errors) AS errors_top
  FROM people
  GROUP BY signature
)
SELECT
  c.signature,
  c.message,
  c.stack,
  s.days AS first_day_values,
  s.numbers AS first_day_numbers,
  s.days AS last_day_values,
  s.numbers AS last_day_numbers,
  c.learners,
  c.learners_key,
  c.errors,
  c.errors_top
FROM counted AS c
INNER JOIN spread AS s ON s.signature = c.signature
ORDER BY learners DESC, signature
LIMIT 200
