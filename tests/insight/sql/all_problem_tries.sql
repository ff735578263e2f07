-- Everything that the rollup of problems holds.
SELECT subject, problem, section, tries, shown, first_right, last_right, ever_right, first_answer, last_answer, grade, max_grade
FROM problem_tries
WHERE day BETWEEN $start AND $end
ORDER BY subject, problem
