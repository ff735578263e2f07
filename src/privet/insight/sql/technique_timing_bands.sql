-- How many measurements of each kind were good, middling or poor.
-- The bounds are those of Web Vitals (web.dev/articles/vitals): milliseconds, but for cls.
-- by: measure, band
WITH shown AS (
  SELECT subject, lcp, inp, cls, fcp, ttfb
  FROM timings
  WHERE day BETWEEN $start AND $end
    AND ($institution = '' OR institution = $institution)
    AND ($course = '' OR course = $course)
),
judged AS (
  SELECT 'lcp' AS measure, subject, CASE WHEN lcp <= 2500 THEN 'good' WHEN lcp <= 4000 THEN 'middling' ELSE 'poor' END AS band
  FROM shown
  WHERE lcp IS NOT NULL
  UNION ALL
  SELECT 'inp' AS measure, subject, CASE WHEN inp <= 200 THEN 'good' WHEN inp <= 500 THEN 'middling' ELSE 'poor' END AS band
  FROM shown
  WHERE inp IS NOT NULL
  UNION ALL
  SELECT 'cls' AS measure, subject, CASE WHEN cls <= 0.1 THEN 'good' WHEN cls <= 0.25 THEN 'middling' ELSE 'poor' END AS band
  FROM shown
  WHERE cls IS NOT NULL
  UNION ALL
  SELECT 'fcp' AS measure, subject, CASE WHEN fcp <= 1800 THEN 'good' WHEN fcp <= 3000 THEN 'middling' ELSE 'poor' END AS band
  FROM shown
  WHERE fcp IS NOT NULL
  UNION ALL
  SELECT 'ttfb' AS measure, subject, CASE WHEN ttfb <= 800 THEN 'good' WHEN ttfb <= 1800 THEN 'middling' ELSE 'poor' END AS band
  FROM shown
  WHERE ttfb IS NOT NULL
),
people AS (
  SELECT measure, band, subject, count(*) AS pages
  FROM judged
  GROUP BY measure, band, subject
)
SELECT
  measure,
  band,
  count(*) AS learners,
  sum(subject % 4294967296) AS learners_key,
  sum(pages) AS pages,
  max(pages) AS pages_top
FROM people
GROUP BY measure, band
ORDER BY measure, band
