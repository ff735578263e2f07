-- rollup for analytics
-- Each measurement of a page's speed, by page, device and browser; milliseconds, but for cls.
SELECT
  day,
  subject,
  institution,
  course,
  page_path,
  coalesce(device, '') AS device,
  coalesce(browser, '') AS browser,
  event_id,
  max(TRY_CAST(detail ->> 'lcp' AS DOUBLE)) AS lcp,
  max(TRY_CAST(detail ->> 'cls' AS DOUBLE)) AS cls,
  max(TRY_CAST(detail ->> 'inp' AS DOUBLE)) AS inp,
  max(TRY_CAST(detail ->> 'ttfb' AS DOUBLE)) AS ttfb,
  max(TRY_CAST(detail ->> 'fcp' AS DOUBLE)) AS fcp
FROM events
WHERE name = 'page_timing'
  AND subject <> 0
GROUP BY day, subject, institution, course, page_path, device, browser, event_id
