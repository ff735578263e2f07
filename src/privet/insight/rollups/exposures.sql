-- rollup for analytics
-- Which form of which experiment a learner saw on a day, first and last.
WITH seen AS (
  SELECT
    day,
    subject,
    institution,
    course,
    site,
    time,
    coalesce(detail ->> 'experiment', '') AS experiment,
    coalesce(detail ->> 'variant', '') AS variant
  FROM events
  WHERE name = 'experiment_seen'
    AND subject <> 0
)
SELECT
  day,
  subject,
  institution,
  course,
  site,
  experiment,
  variant,
  min(time) AS first_time,
  max(time) AS last_time
FROM seen
GROUP BY day, subject, institution, course, site, experiment, variant
