-- What was answered to one problem at the first and at the last try, and by how many.
-- by: at_which, answer, is_right
-- fewest: 10
WITH people AS (
  SELECT
    subject,
    arg_min(first_answer, first_time) AS first_answer,
    arg_min(first_right, first_time) AS first_right,
    arg_max(last_answer, last_time) AS last_answer,
    arg_max(last_right, last_time) AS last_right
  FROM problem_tries
  WHERE day BETWEEN $start AND $end
    AND ($institution = '' OR institution = $institution)
    AND ($course = '' OR course = $course)
    AND problem = $problem
    AND tries > 0
  GROUP BY subject
),
answers AS (
  SELECT 'first' AS at_which, first_answer AS answer, first_right AS is_right, subject
  FROM people
  UNION ALL
  SELECT 'last', last_answer, last_right, subject
  FROM people
)
SELECT
  at_which,
  answer,
  is_right,
  count(*) AS learners,
  sum(subject % 4294967296) AS learners_key
FROM answers
WHERE answer <> ''
GROUP BY at_which, answer, is_right
ORDER BY learners DESC, answer
LIMIT 100
