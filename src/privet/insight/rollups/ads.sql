-- rollup for marketing
-- Which advertisement a learner saw and followed on a day, and where on the page it stood.
WITH sightings AS (
  SELECT
    day,
    subject,
    institution,
    course,
    name,
    coalesce(detail ->> 'ad', '') AS ad,
    coalesce(detail ->> 'slot', '') AS slot,
    coalesce(detail ->> 'advertiser', '') AS advertiser
  FROM events
  WHERE name IN ('ad_seen', 'ad_click')
    AND subject <> 0
)
SELECT
  day,
  subject,
  institution,
  course,
  ad,
  slot,
  advertiser,
  count(*) FILTER (WHERE name = 'ad_seen') AS seen,
  count(*) FILTER (WHERE name = 'ad_click') AS clicked
FROM sightings
GROUP BY day, subject, institution, course, ad, slot, advertiser
