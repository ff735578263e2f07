-- Learners at risk by course: enrolled, few points in what they tried, and away for some days.
-- by: institution, course
WITH marks AS (
  SELECT
    institution,
    course,
    subject,
    max(CASE WHEN name = 'edx.course.enrollment.activated' THEN day END) AS came,
    max(CASE WHEN name = 'edx.course.enrollment.deactivated' THEN day END) AS went,
    max(CASE WHEN name = 'edx.certificate.created' THEN day END) AS done
  FROM enrolments
  WHERE day BETWEEN $start AND $end
    AND ($institution = '' OR institution = $institution)
    AND ($course = '' OR course = $course)
    AND course <> ''
  GROUP BY institution, course, subject
),
seen AS (
  SELECT institution, course, subject, max(day) AS last_day
  FROM hours
  WHERE day BETWEEN $start AND $end
    AND ($institution = '' OR institution = $institution)
    AND ($course = '' OR course = $course)
    AND course <> ''
  GROUP BY institution, course, subject
),
people AS (
  SELECT m.institution, m.course, m.subject, s.last_day, m.came, m.went, m.done
  FROM marks AS m
  JOIN seen AS s
    ON s.institution = m.institution AND s.course = m.course AND s.subject = m.subject
),
problems AS (
  SELECT
    problem_key,
    subject,
    arg_max(grade, last_time) AS grade,
    arg_max(max_grade, last_time) AS max_grade
  FROM problem_tries
  WHERE day BETWEEN $start AND $end
    AND ($institution = '' OR institution = $institution)
    AND ($course = '' OR course = $course)
    AND tries > 0
  GROUP BY problem_key, subject
),
names AS (
  SELECT problem_key, institution, course
  FROM problem_tries
  WHERE day BETWEEN $start AND $end
    AND ($institution = '' OR institution = $institution)
    AND ($course = '' OR course = $course)
  GROUP BY problem_key, institution, course
),
grades AS (
  SELECT n.institution, n.course, p.subject, sum(p.grade) AS grade, sum(p.max_grade) AS max_grade
  FROM problems AS p
  INNER JOIN names AS n ON n.problem_key = p.problem_key
  GROUP BY n.institution, n.course, p.subject
),
enrolled AS (
  SELECT
    p.institution,
    p.course,
    p.subject,
    coalesce(g.grade, 0) < $pass_share * coalesce(nullif(g.max_grade, 0), 1) AS is_failing,
    date_diff('day', p.last_day, CAST($end AS DATE)) >= $days_away AS is_away
  FROM people AS p
  LEFT JOIN grades AS g
    ON g.institution = p.institution AND g.course = p.course AND g.subject = p.subject
  WHERE p.came IS NOT NULL
    AND p.done IS NULL
    AND (p.went IS NULL OR p.went < p.came)
)
SELECT
  institution,
  course,
  count(*) AS learners,
  sum(subject % 4294967296) AS learners_key,
  count(*) FILTER (WHERE is_failing) AS failing,
  sum(subject % 4294967296) FILTER (WHERE is_failing) AS failing_key,
  count(*) FILTER (WHERE is_away) AS away,
  sum(subject % 4294967296) FILTER (WHERE is_away) AS away_key,
  count(*) FILTER (WHERE is_failing AND is_away) AS at_risk,
  sum(subject % 4294967296) FILTER (WHERE is_failing AND is_away) AS at_risk_key
FROM enrolled
GROUP BY institution, course
ORDER BY at_risk DESC, course
LIMIT 500
