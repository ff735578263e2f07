-- rollup for analytics
-- The pages that a learner opened on a day: after which other one, as which step of the visit, how
-- long they were seen and how far scrolled. A path stands for all of its kind: "*" takes the place
-- of a course's name and of long numbers. That another page followed (onward) is told by that page,
-- and stands in a row of its own under the page that was left.
WITH pages AS (
  SELECT
    day,
    subject,
    institution,
    course,
    coalesce(device, '') AS device,
    name,
    page_path AS page,
    coalesce(detail ->> 'previous', '') AS previous,
    coalesce(TRY_CAST(detail ->> 'order' AS INTEGER), 0) AS place,
    coalesce(TRY_CAST(detail ->> 'visible_seconds' AS DOUBLE), 0) AS seconds,
    coalesce(TRY_CAST(detail ->> 'scrolled' AS DOUBLE), 0) AS scrolled
  FROM events
  WHERE name IN ('page_view', 'page_leave')
    AND subject <> 0
),
kinds AS (
  SELECT
    day,
    subject,
    institution,
    course,
    device,
    name,
    regexp_replace(regexp_replace(regexp_replace(regexp_replace(page, '^/courses/[^/]+', '/courses/*'), '/forum/[^/]+', '/forum/*'), '/certificates/[^/]+', '/certificates/*'), '/[0-9a-f-]{12,}$|/[0-9]{4,}$', '/*') AS page,
    regexp_replace(regexp_replace(regexp_replace(regexp_replace(previous, '^/courses/[^/]+', '/courses/*'), '/forum/[^/]+', '/forum/*'), '/certificates/[^/]+', '/certificates/*'), '/[0-9a-f-]{12,}$|/[0-9]{4,}$', '/*') AS previous,
    least(place, 6) AS step,
    seconds,
    scrolled
  FROM pages
),
parts AS (
  SELECT
    day,
    subject,
    institution,
    course,
    device,
    page,
    previous,
    step,
    CASE WHEN name = 'page_view' THEN 1 ELSE 0 END AS views,
    CASE WHEN name = 'page_leave' THEN 1 ELSE 0 END AS leaves,
    seconds,
    scrolled,
    0 AS onward
  FROM kinds
  UNION ALL
  SELECT
    day,
    subject,
    institution,
    course,
    device,
    previous AS page,
    '' AS previous,
    0 AS step,
    0 AS views,
    0 AS leaves,
    0 AS seconds,
    0 AS scrolled,
    1 AS onward
  FROM kinds
  WHERE name = 'page_view'
    AND previous <> ''
)
SELECT
  day,
  subject,
  institution,
  course,
  device,
  page,
  left(md5(page), 12) AS page_key,
  previous,
  left(md5(previous), 12) AS previous_key,
  step,
  CAST(sum(views) AS BIGINT) AS views,
  CAST(sum(leaves) AS BIGINT) AS leaves,
  sum(seconds) AS seconds,
  sum(scrolled) AS scrolled,
  CAST(sum(onward) AS BIGINT) AS onward
FROM parts
GROUP BY day, subject, institution, course, device, page, previous, step
