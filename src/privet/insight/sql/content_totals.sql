-- Who opened sections, watched videos, tried problems in the period, each learner once.
WITH parts AS (
  SELECT subject, views, 0 AS plays, 0 AS tries
  FROM section_views
  WHERE day BETWEEN $start AND $end
    AND ($institution = '' OR institution = $institution)
    AND ($course = '' OR course = $course)
  UNION ALL
  SELECT subject, 0, plays, 0
  FROM video_views
  WHERE day BETWEEN $start AND $end
    AND ($institution = '' OR institution = $institution)
    AND ($course = '' OR course = $course)
  UNION ALL
  SELECT subject, 0, 0, tries
  FROM problem_tries
  WHERE day BETWEEN $start AND $end
    AND ($institution = '' OR institution = $institution)
    AND ($course = '' OR course = $course)
),
people AS (
  SELECT subject, sum(views) AS views, sum(plays) AS plays, sum(tries) AS tries
  FROM parts
  GROUP BY subject
)
SELECT
  count(*) AS learners,
  sum(subject % 4294967296) AS learners_key,
  count(*) FILTER (WHERE views > 0) AS readers,
  sum(subject % 4294967296) FILTER (WHERE views > 0) AS readers_key,
  count(*) FILTER (WHERE plays > 0) AS viewers,
  sum(subject % 4294967296) FILTER (WHERE plays > 0) AS viewers_key,
  count(*) FILTER (WHERE tries > 0) AS triers,
  sum(subject % 4294967296) FILTER (WHERE tries > 0) AS triers_key
FROM people
