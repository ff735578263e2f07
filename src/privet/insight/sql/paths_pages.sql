-- Each page: who opened it, where visits began and ended, how long it was seen, how far scrolled.
-- A visit ends where no further page followed; what followed is told by the pages after it.
-- by: page
WITH each AS (
  SELECT
    subject,
    page,
    sum(views) AS views,
    sum(CASE WHEN step = 1 AND previous = '' THEN views ELSE 0 END) AS entries,
    greatest(sum(views) - sum(onward), 0) AS exits,
    sum(leaves) AS leaves,
    sum(seconds) AS seconds,
    sum(scrolled) AS scrolled
  FROM page_steps
  WHERE day BETWEEN $start AND $end
    AND ($institution = '' OR institution = $institution)
    AND ($course = '' OR course = $course)
    AND ($device = '' OR device = $device)
  GROUP BY subject, page
  HAVING sum(views) > 0
)
SELECT
  page,
  count(*) AS learners,
  sum(subject % 4294967296) AS learners_key,
  sum(views) AS views,
  max(views) AS views_top,
  sum(entries) AS entries,
  max(entries) AS entries_top,
  sum(exits) AS exits,
  max(exits) AS exits_top,
  sum(leaves) AS leaves,
  max(leaves) AS leaves_top,
  sum(seconds) AS seconds,
  max(seconds) AS seconds_top,
  sum(scrolled) AS scrolled,
  max(scrolled) AS scrolled_top
FROM each
GROUP BY page
ORDER BY views DESC, page
LIMIT 300
