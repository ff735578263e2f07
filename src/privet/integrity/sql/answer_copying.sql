-- Pairs that gave the same rare wrong answer at the first attempt, again and again, after the
-- indices of answer copying of which Wollack's omega (1997) is the best known. Only answers that few
-- chose are joined, so that a popular wrong answer neither counts nor costs. Chance is the product
-- of how often each was chosen.
WITH tried AS (
  SELECT subject, problem, min_by(first_answer, first_try) AS answer, min_by(first_right, first_try) AS is_right
  FROM integrity_answers
  WHERE day BETWEEN $start AND $end
    AND course = $course
    AND first_try IS NOT NULL
  GROUP BY subject, problem
),
choices AS (
  SELECT problem, answer, count(*) AS accounts FROM tried WHERE answer <> '' AND is_right = 0 GROUP BY problem, answer
),
problems AS (
  SELECT problem, count(*) AS accounts FROM tried WHERE answer <> '' GROUP BY problem
),
unusual AS (
  SELECT f.subject, f.problem, f.answer, c.accounts / p.accounts AS chance
  FROM tried AS f
  JOIN choices AS c ON c.problem = f.problem AND c.answer = f.answer
  JOIN problems AS p ON p.problem = f.problem
  WHERE f.is_right = 0 AND c.accounts >= 2 AND c.accounts <= $most_accounts AND c.accounts <= $rare * p.accounts
),
agreeing AS (
  SELECT a.subject AS one, b.subject AS other, count(*) AS x, sum(ln(a.chance)) AS log_chance
  FROM unusual AS a
  JOIN unusual AS b ON b.problem = a.problem AND b.answer = a.answer
  WHERE a.subject < b.subject
  GROUP BY a.subject, b.subject
  HAVING count(*) >= $fewest
)
SELECT b.one, b.other, count(*) AS n, max(b.x) AS x, max(b.log_chance) AS log_chance
FROM agreeing AS b
JOIN tried AS f ON f.subject = b.one
JOIN tried AS g ON g.subject = b.other AND g.problem = f.problem
GROUP BY b.one, b.other
ORDER BY log_chance
