-- Each problem: who tried it, who was right at the first try and at any, who looked at the answer.
-- by: institution, course, section, problem
WITH people AS (
  SELECT
    institution,
    course,
    problem,
    subject,
    max(section) AS section,
    sum(tries) AS tries,
    sum(shown) AS shown,
    coalesce(arg_min(first_right, first_time), 0) AS first_right,
    max(ever_right) AS ever_right
  FROM problem_tries
  WHERE day BETWEEN $start AND $end
    AND ($institution = '' OR institution = $institution)
    AND ($course = '' OR course = $course)
  GROUP BY institution, course, problem, subject
)
SELECT
  institution,
  course,
  max(section) AS section,
  problem,
  count(*) AS learners,
  sum(subject % 4294967296) AS learners_key,
  count(*) FILTER (WHERE tries > 0) AS triers,
  sum(subject % 4294967296) FILTER (WHERE tries > 0) AS triers_key,
  count(*) FILTER (WHERE first_right = 1) AS right_first,
  sum(subject % 4294967296) FILTER (WHERE first_right = 1) AS right_first_key,
  count(*) FILTER (WHERE ever_right = 1) AS right_ever,
  sum(subject % 4294967296) FILTER (WHERE ever_right = 1) AS right_ever_key,
  count(*) FILTER (WHERE shown > 0) AS looked,
  sum(subject % 4294967296) FILTER (WHERE shown > 0) AS looked_key,
  sum(tries) AS tries,
  max(tries) AS tries_top
FROM people
GROUP BY institution, course, problem
ORDER BY learners DESC, problem
LIMIT 500
