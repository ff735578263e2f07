-- Learners by the form of an experiment that they saw, and how many then did what it is about.
-- Who saw more than one form stands under an empty name.
-- by: variant
WITH seen AS (
  SELECT
    subject,
    min(variant) AS variant,
    count(DISTINCT variant) AS variants,
    greatest(min(first_time), $began) AS since
  FROM exposures
  WHERE day BETWEEN $start AND $end
    AND ($institution = '' OR institution = $institution)
    AND ($course = '' OR course = $course)
    AND site = $site
    AND experiment = $experiment
    AND last_time >= $began
    AND first_time <= $ended
  GROUP BY subject
),
-- The last day is read from the events, since it may end at any moment of it; so is what the
-- rollup does not have.
acts AS (
  SELECT subject, target, last_time
  FROM outcomes
  WHERE day BETWEEN $start AND $end
    AND day < CAST($ended AS DATE)
    AND name = $outcome
  UNION ALL
  SELECT
    subject,
    coalesce(CASE name WHEN 'link_click' THEN detail ->> 'target' WHEN 'control_use' THEN detail ->> 'control' WHEN 'page_view' THEN page_path WHEN 'page_leave' THEN page_path ELSE object END, '') AS target,
    time AS last_time
  FROM events
  WHERE day BETWEEN $start AND $end
    AND ($outcome NOT IN ('link_click', 'control_use', 'edx.course.enrollment.activated', 'edx.certificate.created') OR day = CAST($ended AS DATE))
    AND name = $outcome
    AND time <= $ended
    AND subject <> 0
),
done AS (
  SELECT subject, max(last_time) AS until
  FROM acts
  WHERE regexp_matches(target, $target)
  GROUP BY subject
),
each AS (
  SELECT
    seen.subject,
    CASE WHEN seen.variants > 1 THEN '' ELSE seen.variant END AS variant,
    CASE WHEN done.until >= seen.since THEN 1 ELSE 0 END AS is_reached
  FROM seen
  LEFT JOIN done ON done.subject = seen.subject
)
SELECT
  variant,
  count(*) AS learners,
  sum(subject % 4294967296) AS learners_key,
  count(*) FILTER (WHERE is_reached = 1) AS reached,
  sum(subject % 4294967296) FILTER (WHERE is_reached = 1) AS reached_key
FROM each
GROUP BY variant
ORDER BY variant
