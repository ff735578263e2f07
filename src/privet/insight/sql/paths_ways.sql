-- The ways of linking from one page to another: where the link stands and what it says.
-- by: place, words
-- at least: clicks learners
WITH each AS (
  SELECT subject, place, words, sum(clicks) AS clicks
  FROM clicks
  WHERE day BETWEEN $start AND $end
    AND ($institution = '' OR institution = $institution)
    AND ($course = '' OR course = $course)
    AND ($device = '' OR device = $device)
    AND name = 'link_click'
    AND page = $from_page
    AND target = $to_page
  GROUP BY subject, place, words
)
SELECT
  place,
  words,
  count(*) AS learners,
  sum(subject % 4294967296) AS learners_key,
  sum(clicks) AS clicks,
  max(clicks) AS clicks_top
FROM each
GROUP BY place, words
ORDER BY learners DESC, clicks DESC, place, words
LIMIT 100
