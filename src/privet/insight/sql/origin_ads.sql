-- Advertisements: who saw them, who followed them, and where they stood; under the marketing use.
-- by: ad, slot, advertiser
WITH each AS (
  SELECT subject, ad, slot, advertiser, sum(seen) AS seen, sum(clicked) AS clicked
  FROM ads
  WHERE day BETWEEN $start AND $end
    AND ($institution = '' OR institution = $institution)
    AND ($course = '' OR course = $course)
  GROUP BY subject, ad, slot, advertiser
)
SELECT
  ad,
  slot,
  advertiser,
  count(*) AS learners,
  sum(subject % 4294967296) AS learners_key,
  count(*) FILTER (WHERE clicked > 0) AS followers,
  sum(subject % 4294967296) FILTER (WHERE clicked > 0) AS followers_key,
  sum(seen) AS seen,
  max(seen) AS seen_top
FROM each
GROUP BY ad, slot, advertiser
ORDER BY learners DESC, ad, slot, advertiser
LIMIT 100
