-- rollup for analytics
-- A learner's visits on a day: from which place, with what, from where, for how long.
SELECT
  day,
  subject,
  institution,
  course,
  left(md5(concat(institution, '|', course)), 12) AS course_key,
  session,
  coalesce(country, '') AS country,
  coalesce(region, '') AS region,
  coalesce(network_kind, '') AS network_kind,
  coalesce(asn, 0) AS asn,
  coalesce(organisation, '') AS organisation,
  coalesce(browser, '') AS browser,
  coalesce(os, '') AS os,
  coalesce(device, '') AS device,
  coalesce(referrer_host, '') AS referrer_host,
  coalesce(campaign, '') AS campaign,
  min(time) AS first_time,
  max(time) AS last_time,
  count(*) AS events,
  count(*) FILTER (WHERE name = 'page_view') AS pages
FROM events
WHERE subject <> 0
GROUP BY 1, 2, 3, 4, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16
