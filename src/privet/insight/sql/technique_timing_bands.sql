-- How many measurements of each kind were good, middling or poor.
-- The bounds are those of Web Vitals (web.dev/articles/vitals): milliseconds, but for cls.
-- by: measure, band
-- at least: pages learners
WITH people AS (
  SELECT
    subject,
    count(*) FILTER (WHERE lcp <= 2500) AS lcp_good,
    count(*) FILTER (WHERE lcp > 2500 AND lcp <= 4000) AS lcp_middling,
    count(*) FILTER (WHERE lcp > 4000) AS lcp_poor,
    count(*) FILTER (WHERE inp <= 200) AS inp_good,
    count(*) FILTER (WHERE inp > 200 AND inp <= 500) AS inp_middling,
    count(*) FILTER (WHERE inp > 500) AS inp_poor,
    count(*) FILTER (WHERE cls <= 0.1) AS cls_good,
    count(*) FILTER (WHERE cls > 0.1 AND cls <= 0.25) AS cls_middling,
    count(*) FILTER (WHERE cls > 0.25) AS cls_poor,
    count(*) FILTER (WHERE fcp <= 1800) AS fcp_good,
    count(*) FILTER (WHERE fcp > 1800 AND fcp <= 3000) AS fcp_middling,
    count(*) FILTER (WHERE fcp > 3000) AS fcp_poor,
    count(*) FILTER (WHERE ttfb <= 800) AS ttfb_good,
    count(*) FILTER (WHERE ttfb > 800 AND ttfb <= 1800) AS ttfb_middling,
    count(*) FILTER (WHERE ttfb > 1800) AS ttfb_poor
  FROM timings
  WHERE day BETWEEN $start AND $end
    AND ($institution = '' OR institution = $institution)
    AND ($course = '' OR course = $course)
  GROUP BY subject
),
bands AS (
  SELECT
    'lcp' AS measure,
    'good' AS band,
    count(*) FILTER (WHERE lcp_good > 0) AS learners,
    sum(subject % 4294967296) FILTER (WHERE lcp_good > 0) AS learners_key,
    sum(lcp_good) AS pages,
    max(lcp_good) AS pages_top
  FROM people
  UNION ALL
  SELECT
    'lcp' AS measure,
    'middling' AS band,
    count(*) FILTER (WHERE lcp_middling > 0) AS learners,
    sum(subject % 4294967296) FILTER (WHERE lcp_middling > 0) AS learners_key,
    sum(lcp_middling) AS pages,
    max(lcp_middling) AS pages_top
  FROM people
  UNION ALL
  SELECT
    'lcp' AS measure,
    'poor' AS band,
    count(*) FILTER (WHERE lcp_poor > 0) AS learners,
    sum(subject % 4294967296) FILTER (WHERE lcp_poor > 0) AS learners_key,
    sum(lcp_poor) AS pages,
    max(lcp_poor) AS pages_top
  FROM people
  UNION ALL
  SELECT
    'inp' AS measure,
    'good' AS band,
    count(*) FILTER (WHERE inp_good > 0) AS learners,
    sum(subject % 4294967296) FILTER (WHERE inp_good > 0) AS learners_key,
    sum(inp_good) AS pages,
    max(inp_good) AS pages_top
  FROM people
  UNION ALL
  SELECT
    'inp' AS measure,
    'middling' AS band,
    count(*) FILTER (WHERE inp_middling > 0) AS learners,
    sum(subject % 4294967296) FILTER (WHERE inp_middling > 0) AS learners_key,
    sum(inp_middling) AS pages,
    max(inp_middling) AS pages_top
  FROM people
  UNION ALL
  SELECT
    'inp' AS measure,
    'poor' AS band,
    count(*) FILTER (WHERE inp_poor > 0) AS learners,
    sum(subject % 4294967296) FILTER (WHERE inp_poor > 0) AS learners_key,
    sum(inp_poor) AS pages,
    max(inp_poor) AS pages_top
  FROM people
  UNION ALL
  SELECT
    'cls' AS measure,
    'good' AS band,
    count(*) FILTER (WHERE cls_good > 0) AS learners,
    sum(subject % 4294967296) FILTER (WHERE cls_good > 0) AS learners_key,
    sum(cls_good) AS pages,
    max(cls_good) AS pages_top
  FROM people
  UNION ALL
  SELECT
    'cls' AS measure,
    'middling' AS band,
    count(*) FILTER (WHERE cls_middling > 0) AS learners,
    sum(subject % 4294967296) FILTER (WHERE cls_middling > 0) AS learners_key,
    sum(cls_middling) AS pages,
    max(cls_middling) AS pages_top
  FROM people
  UNION ALL
  SELECT
    'cls' AS measure,
    'poor' AS band,
    count(*) FILTER (WHERE cls_poor > 0) AS learners,
    sum(subject % 4294967296) FILTER (WHERE cls_poor > 0) AS learners_key,
    sum(cls_poor) AS pages,
    max(cls_poor) AS pages_top
  FROM people
  UNION ALL
  SELECT
    'fcp' AS measure,
    'good' AS band,
    count(*) FILTER (WHERE fcp_good > 0) AS learners,
    sum(subject % 4294967296) FILTER (WHERE fcp_good > 0) AS learners_key,
    sum(fcp_good) AS pages,
    max(fcp_good) AS pages_top
  FROM people
  UNION ALL
  SELECT
    'fcp' AS measure,
    'middling' AS band,
    count(*) FILTER (WHERE fcp_middling > 0) AS learners,
    sum(subject % 4294967296) FILTER (WHERE fcp_middling > 0) AS learners_key,
    sum(fcp_middling) AS pages,
    max(fcp_middling) AS pages_top
  FROM people
  UNION ALL
  SELECT
    'fcp' AS measure,
    'poor' AS band,
    count(*) FILTER (WHERE fcp_poor > 0) AS learners,
    sum(subject % 4294967296) FILTER (WHERE fcp_poor > 0) AS learners_key,
    sum(fcp_poor) AS pages,
    max(fcp_poor) AS pages_top
  FROM people
  UNION ALL
  SELECT
    'ttfb' AS measure,
    'good' AS band,
    count(*) FILTER (WHERE ttfb_good > 0) AS learners,
    sum(subject % 4294967296) FILTER (WHERE ttfb_good > 0) AS learners_key,
    sum(ttfb_good) AS pages,
    max(ttfb_good) AS pages_top
  FROM people
  UNION ALL
  SELECT
    'ttfb' AS measure,
    'middling' AS band,
    count(*) FILTER (WHERE ttfb_middling > 0) AS learners,
    sum(subject % 4294967296) FILTER (WHERE ttfb_middling > 0) AS learners_key,
    sum(ttfb_middling) AS pages,
    max(ttfb_middling) AS pages_top
  FROM people
  UNION ALL
  SELECT
    'ttfb' AS measure,
    'poor' AS band,
    count(*) FILTER (WHERE ttfb_poor > 0) AS learners,
    sum(subject % 4294967296) FILTER (WHERE ttfb_poor > 0) AS learners_key,
    sum(ttfb_poor) AS pages,
    max(ttfb_poor) AS pages_top
  FROM people
)
SELECT measure, band, learners, learners_key, pages, pages_top
FROM bands
WHERE learners > 0
ORDER BY measure, band
