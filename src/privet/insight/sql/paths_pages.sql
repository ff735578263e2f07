-- Each page: who opened it, where visits began and ended, how long it was seen, how far scrolled.
-- A visit ends where no further page followed; what followed is told by the pages after it.
-- by: page
-- at least: views learners
WITH each AS (
  SELECT
    subject,
    page_key,
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
  GROUP BY subject, page_key
  HAVING sum(views) > 0
),
counted AS (
  SELECT
    page_key,
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
  GROUP BY page_key
),
names AS (
  SELECT page_key, page
  FROM page_steps
  WHERE day BETWEEN $start AND $end
    AND ($institution = '' OR institution = $institution)
    AND ($course = '' OR course = $course)
  GROUP BY page_key, page
)
SELECT
  n.page,
  c.learners,
  c.learners_key,
  c.views,
  c.views_top,
  c.entries,
  c.entries_top,
  c.exits,
  c.exits_top,
  c.leaves,
  c.leaves_top,
  c.seconds,
  c.seconds_top,
  c.scrolled,
  c.scrolled_top
FROM counted AS c
INNER JOIN names AS n ON n.page_key = c.page_key
ORDER BY views DESC, page
LIMIT 300
