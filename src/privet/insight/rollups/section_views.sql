-- rollup for analytics
-- How often a learner opened a section of a course on a day, and how long they saw it.
WITH pages AS (
  SELECT
    day,
    subject,
    institution,
    course,
    name,
    regexp_extract(page_path, '^/(?:courses|learning/course)/.+?/(units/[^/]+|courseware/[^/]+/[^/]+|block-v1:[^/]+type@sequential[^/]+)', 1) AS section,
    TRY_CAST(detail ->> 'visible_seconds' AS DOUBLE) AS visible_seconds
  FROM events
  WHERE name IN ('page_view', 'page_leave', 'edx.implicit')
    AND subject <> 0
)
SELECT
  day,
  subject,
  institution,
  course,
  section,
  left(md5(concat(institution, '|', course, '|', section)), 12) AS section_key,
  count(*) FILTER (WHERE name <> 'page_leave') AS views,
  coalesce(sum(visible_seconds) FILTER (WHERE name = 'page_leave'), 0) AS visible_seconds
FROM pages
WHERE section <> ''
GROUP BY day, subject, institution, course, section
