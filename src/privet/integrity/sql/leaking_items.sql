-- How each problem of a course lets its answer out, as far as events tell: who could have it shown
-- while others had still to answer, how often one account may try, and whether all are asked for
-- the same answer.
WITH here AS (
  SELECT subject, problem, shown, exhausted, solved, first_try, first_right, first_answer, tries, last_attempt
  FROM integrity_answers
  WHERE day BETWEEN $start AND $end
    AND course = $course
),
work AS (
  SELECT
    subject,
    problem,
    min(shown) AS shown,
    min(exhausted) AS exhausted,
    min(solved) AS solved,
    min(first_try) AS first_try,
    min_by(first_right, first_try) AS first_right,
    min_by(first_answer, first_try) AS answer,
    greatest(sum(tries), max(last_attempt)) AS attempts
  FROM here
  GROUP BY subject, problem
),
problems AS (
  SELECT
    problem,
    sum(CASE WHEN first_try IS NOT NULL THEN 1 ELSE 0 END) AS accounts,
    sum(CASE WHEN solved IS NOT NULL THEN 1 ELSE 0 END) AS solvers,
    sum(CASE WHEN shown IS NOT NULL AND (solved IS NULL OR shown < solved) THEN 1 ELSE 0 END) AS shown_unsolved,
    sum(CASE WHEN exhausted IS NOT NULL THEN 1 ELSE 0 END) AS exhausted,
    max(attempts) AS most_attempts,
    min(shown) AS first_shown
  FROM work
  GROUP BY problem
),
later AS (
  SELECT w.problem, count(*) AS accounts
  FROM work AS w
  JOIN problems AS p ON p.problem = w.problem
  WHERE w.first_try > p.first_shown
  GROUP BY w.problem
),
answers AS (
  SELECT problem, answer, count(*) AS accounts
  FROM work
  WHERE first_right = 1 AND answer <> ''
  GROUP BY problem, answer
),
variants AS (
  SELECT problem, max(accounts) AS commonest, sum(accounts) AS known
  FROM answers
  GROUP BY problem
)
SELECT
  p.problem,
  p.accounts,
  p.solvers,
  p.shown_unsolved,
  p.exhausted,
  p.most_attempts,
  coalesce(l.accounts, 0) AS answered_later,
  coalesce(v.commonest, 0) AS commonest,
  coalesce(v.known, 0) AS known
FROM problems AS p
LEFT JOIN later AS l ON l.problem = p.problem
LEFT JOIN variants AS v ON v.problem = p.problem
WHERE p.accounts > 0
ORDER BY p.problem
