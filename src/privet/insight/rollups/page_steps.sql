-- rollup for analytics
-- The pages that a learner opened on a day: after which other one, as which step of the visit, how
-- long they were seen and how far scrolled. A path stands for all of its kind: "*" takes the place
-- of a course's name and of long numbers.
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
)
SELECT
  day,
  subject,
  institution,
  course,
  device,
  page,
  previous,
  step,
  count(*) FILTER (WHERE name = 'page_view') AS views,
  count(*) FILTER (WHERE name = 'page_leave') AS leaves,
  sum(seconds) AS seconds,
  sum(scrolled) AS scrolled
FROM kinds
GROUP BY day, subject, institution, course, device, page, previous, step
