-- Each problem: who tried it, who was right at the first try and at any, who looked at the answer.
-- by: institution, course, section, problem
-- of section: greatest
-- at least: tries triers
WITH people AS (
  SELECT
    problem_key,
    subject,
    sum(tries) AS tries,
    max(CASE WHEN shown > 0 THEN 1 ELSE 0 END) AS has_looked,
    coalesce(min(first_mark) % 2, 0) AS first_right,
    max(ever_right) AS ever_right
  FROM problem_tries
  WHERE day BETWEEN $start AND $end
    AND ($institution = '' OR institution = $institution)
    AND ($course = '' OR course = $course)
  GROUP BY problem_key, subject
),
counted AS (
  SELECT
    problem_key,
    count(*) AS learners,
    sum(subject % 4294967296) AS learners_key,
    count(*) FILTER (WHERE tries > 0) AS triers,
    sum(subject % 4294967296) FILTER (WHERE tries > 0) AS triers_key,
    count(*) FILTER (WHERE first_right = 1) AS right_first,
    sum(subject % 4294967296) FILTER (WHERE first_right = 1) AS right_first_key,
    count(*) FILTER (WHERE ever_right = 1) AS right_ever,
    sum(subject % 4294967296) FILTER (WHERE ever_right = 1) AS right_ever_key,
    count(*) FILTER (WHERE has_looked = 1) AS looked,
    sum(subject % 4294967296) FILTER (WHERE has_looked = 1) AS looked_key,
    sum(tries) AS tries,
    max(tries) AS tries_top
  FROM people
  GROUP BY problem_key
),
sections AS (
  SELECT problem_key, institution, course, problem, section, count(*) AS number
  FROM problem_tries
  WHERE day BETWEEN $start AND $end
    AND ($institution = '' OR institution = $institution)
    AND ($course = '' OR course = $course)
  GROUP BY problem_key, institution, course, problem, section
),
names AS (
  SELECT
    problem_key,
    institution,
    course,
    problem,
    array_agg(section ORDER BY section) AS section_values,
    array_agg(number ORDER BY section) AS section_numbers
  FROM sections
  GROUP BY problem_key, institution, course, problem
)
SELECT
  n.institution,
  n.course,
  n.section_values,
  n.section_numbers,
  n.problem,
  c.learners,
  c.learners_key,
  c.triers,
  c.triers_key,
  c.right_first,
  c.right_first_key,
  c.right_ever,
  c.right_ever_key,
  c.looked,
  c.looked_key,
  c.tries,
  c.tries_top
FROM counted AS c
INNER JOIN names AS n ON n.problem_key = c.problem_key
ORDER BY learners DESC, problem
LIMIT 500
