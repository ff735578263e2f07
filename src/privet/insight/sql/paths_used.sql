-- Links and controls by how much they are used, on one page or (empty) on all.
-- by: name, target, words, place
-- at least: clicks learners
WITH each AS (
  SELECT
    subject,
    name,
    target,
    CASE WHEN $page = '' THEN '' ELSE words END AS words,
    CASE WHEN $page = '' THEN '' ELSE place END AS place,
    sum(clicks) AS clicks
  FROM clicks
  WHERE day BETWEEN $start AND $end
    AND ($institution = '' OR institution = $institution)
    AND ($course = '' OR course = $course)
    AND ($device = '' OR device = $device)
    AND ($page = '' OR page = $page)
  GROUP BY 1, 2, 3, 4, 5
)
SELECT
  name,
  target,
  words,
  place,
  count(*) AS learners,
  sum(subject % 4294967296) AS learners_key,
  sum(clicks) AS clicks,
  max(clicks) AS clicks_top
FROM each
GROUP BY name, target, words, place
ORDER BY clicks DESC, name, target, words, place
LIMIT 200
