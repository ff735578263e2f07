-- Learners at risk by course: enrolled, few points in what they tried, and away for some days.
-- by: institution, course
WITH courses AS (
  SELECT institution, course, row_number() OVER (ORDER BY institution, course) AS number
  FROM enrolments
  WHERE day BETWEEN $start AND $end
    AND ($institution = '' OR institution = $institution)
    AND ($course = '' OR course = $course)
    AND course <> ''
  GROUP BY institution, course
),
marks AS (
  SELECT
    c.number,
    e.subject,
    max(CASE WHEN e.name = 'edx.course.enrollment.activated' THEN e.last_time END) AS came,
    max(CASE WHEN e.name = 'edx.course.enrollment.deactivated' THEN e.last_time END) AS went,
    max(CASE WHEN e.name = 'edx.certificate.created' THEN e.day END) AS done
  FROM enrolments AS e
  INNER JOIN courses AS c ON c.institution = e.institution AND c.course = e.course
  WHERE e.day BETWEEN $start AND $end
    AND ($institution = '' OR e.institution = $institution)
    AND ($course = '' OR e.course = $course)
  GROUP BY c.number, e.subject
),
seen AS (
  SELECT c.number, h.subject, max(h.day) AS last_day
  FROM hours AS h
  INNER JOIN courses AS c ON c.institution = h.institution AND c.course = h.course
  WHERE h.day BETWEEN $start AND $end
    AND ($institution = '' OR h.institution = $institution)
    AND ($course = '' OR h.course = $course)
  GROUP BY c.number, h.subject
),
problems AS (
  SELECT
    c.number,
    t.subject,
    arg_max(t.grade, t.last_time) AS grade,
    arg_max(t.max_grade, t.last_time) AS max_grade
  FROM problem_tries AS t
  INNER JOIN courses AS c ON c.institution = t.institution AND c.course = t.course
  WHERE t.day BETWEEN $start AND $end
    AND ($institution = '' OR t.institution = $institution)
    AND ($course = '' OR t.course = $course)
    AND t.tries > 0
  GROUP BY c.number, t.subject, t.problem_key
),
grades AS (
  SELECT number, subject, sum(grade) AS grade, sum(max_grade) AS max_grade
  FROM problems
  GROUP BY number, subject
),
enrolled AS (
  SELECT
    m.number,
    m.subject,
    coalesce(g.grade, 0) < $pass_share * coalesce(nullif(g.max_grade, 0), 1) AS is_failing,
    date_diff('day', s.last_day, CAST($end AS DATE)) >= $days_away AS is_away
  FROM marks AS m
  INNER JOIN seen AS s ON s.number = m.number AND s.subject = m.subject
  LEFT JOIN grades AS g ON g.number = m.number AND g.subject = m.subject
  WHERE m.came IS NOT NULL
    AND m.done IS NULL
    AND (m.went IS NULL OR m.went < m.came)
),
counted AS (
  SELECT
    number,
    count(*) AS learners,
    sum(subject % 4294967296) AS learners_key,
    count(*) FILTER (WHERE is_failing) AS failing,
    sum(subject % 4294967296) FILTER (WHERE is_failing) AS failing_key,
    count(*) FILTER (WHERE is_away) AS away,
    sum(subject % 4294967296) FILTER (WHERE is_away) AS away_key,
    count(*) FILTER (WHERE is_failing AND is_away) AS at_risk,
    sum(subject % 4294967296) FILTER (WHERE is_failing AND is_away) AS at_risk_key
  FROM enrolled
  GROUP BY number
)
SELECT
  c.institution,
  c.course,
  k.learners,
  k.learners_key,
  k.failing,
  k.failing_key,
  k.away,
  k.away_key,
  k.at_risk,
  k.at_risk_key
FROM counted AS k
INNER JOIN courses AS c ON c.number = k.number
ORDER BY at_risk DESC, course
LIMIT 500
