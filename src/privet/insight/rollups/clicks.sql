-- rollup for analytics
-- The links that a learner followed and the controls they used on a day, by page and place. Paths
-- stand for all of their kind, as in the rollup page_steps.
WITH acts AS (
  SELECT
    day,
    subject,
    institution,
    course,
    coalesce(device, '') AS device,
    name,
    page_path AS page,
    coalesce(CASE WHEN name = 'link_click' THEN detail ->> 'target' ELSE detail ->> 'control' END, '') AS target,
    coalesce(CASE WHEN name = 'link_click' THEN detail ->> 'text' ELSE detail ->> 'role' END, '') AS words,
    coalesce(detail ->> 'place', '') AS place
  FROM events
  WHERE name IN ('link_click', 'control_use')
    AND subject <> 0
)
SELECT
  day,
  subject,
  institution,
  course,
  device,
  name,
  regexp_replace(regexp_replace(regexp_replace(regexp_replace(page, '^/courses/[^/]+', '/courses/*'), '/forum/[^/]+', '/forum/*'), '/certificates/[^/]+', '/certificates/*'), '/[0-9a-f-]{12,}$|/[0-9]{4,}$', '/*') AS page,
  regexp_replace(regexp_replace(regexp_replace(regexp_replace(target, '^/courses/[^/]+', '/courses/*'), '/forum/[^/]+', '/forum/*'), '/certificates/[^/]+', '/certificates/*'), '/[0-9a-f-]{12,}$|/[0-9]{4,}$', '/*') AS target,
  words,
  place,
  count(*) AS clicks
FROM acts
GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9, 10
