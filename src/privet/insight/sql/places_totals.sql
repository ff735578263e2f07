-- How many learners came from the chosen places, and from how many their country and region are known.
WITH each AS (
  SELECT
    subject,
    max(CASE WHEN country <> '' THEN 1 ELSE 0 END) AS placed,
    max(CASE WHEN region <> '' THEN 1 ELSE 0 END) AS narrowed
  FROM visits
  WHERE day BETWEEN $start AND $end
    AND ($institution = '' OR institution = $institution)
    AND ($course = '' OR course = $course)
    AND ($country = '' OR country = $country)
    AND ($network_kind = '' OR network_kind = $network_kind)
  GROUP BY subject
)
SELECT
  count(*) AS learners,
  sum(subject % 4294967296) AS learners_key,
  sum(placed) AS with_country,
  sum(CASE WHEN placed = 1 THEN subject % 4294967296 ELSE 0 END) AS with_country_key,
  sum(narrowed) AS with_region,
  sum(CASE WHEN narrowed = 1 THEN subject % 4294967296 ELSE 0 END) AS with_region_key
FROM each
