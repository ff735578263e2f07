-- How fast each page was: the 75th percentile of each measure, to two digits.
-- by: page_path
-- of lcp: 0.75
-- of inp: 0.75
-- of cls: 0.75
-- of fcp: 0.75
-- of ttfb: 0.75
-- at least: pages learners
WITH shown AS (
  SELECT page_path, subject, lcp, inp, cls, fcp, ttfb
  FROM timings
  WHERE day BETWEEN $start AND $end
    AND ($institution = '' OR institution = $institution)
    AND ($course = '' OR course = $course)
),
people AS (
  SELECT
    page_path,
    subject,
    count(*) AS pages,
    count(lcp) AS lcp,
    count(inp) AS inp,
    count(cls) AS cls,
    count(fcp) AS fcp,
    count(ttfb) AS ttfb
  FROM shown
  GROUP BY page_path, subject
),
counted AS (
  SELECT
    page_path,
    count(*) AS learners,
    sum(subject % 4294967296) AS learners_key,
    sum(pages) AS pages,
    max(pages) AS pages_top,
    count(*) FILTER (WHERE lcp > 0) AS lcp_learners,
    sum(subject % 4294967296) FILTER (WHERE lcp > 0) AS lcp_learners_key,
    count(*) FILTER (WHERE inp > 0) AS inp_learners,
    sum(subject % 4294967296) FILTER (WHERE inp > 0) AS inp_learners_key,
    count(*) FILTER (WHERE cls > 0) AS cls_learners,
    sum(subject % 4294967296) FILTER (WHERE cls > 0) AS cls_learners_key,
    count(*) FILTER (WHERE fcp > 0) AS fcp_learners,
    sum(subject % 4294967296) FILTER (WHERE fcp > 0) AS fcp_learners_key,
    count(*) FILTER (WHERE ttfb > 0) AS ttfb_learners,
    sum(subject % 4294967296) FILTER (WHERE ttfb > 0) AS ttfb_learners_key
  FROM people
  GROUP BY page_path
),
measured AS (
  SELECT page_path, 'lcp' AS measure, lcp AS value FROM shown WHERE lcp IS NOT NULL
  UNION ALL
  SELECT page_path, 'inp' AS measure, inp AS value FROM shown WHERE inp IS NOT NULL
  UNION ALL
  SELECT page_path, 'cls' AS measure, cls AS value FROM shown WHERE cls IS NOT NULL
  UNION ALL
  SELECT page_path, 'fcp' AS measure, fcp AS value FROM shown WHERE fcp IS NOT NULL
  UNION ALL
  SELECT page_path, 'ttfb' AS measure, ttfb AS value FROM shown WHERE ttfb IS NOT NULL
),
rounded AS (
  SELECT
    page_path, measure,
    CASE WHEN value > 0 THEN round(value, 1 - CAST(floor(log10(value)) AS INTEGER)) ELSE 0 END AS value,
    count(*) AS number
  FROM measured
  GROUP BY 1, 2, 3
),
spread AS (
  SELECT
    page_path,
    array_agg(value ORDER BY value) FILTER (WHERE measure = 'lcp') AS lcp_values,
    array_agg(number ORDER BY value) FILTER (WHERE measure = 'lcp') AS lcp_numbers,
    array_agg(value ORDER BY value) FILTER (WHERE measure = 'inp') AS inp_values,
    array_agg(number ORDER BY value) FILTER (WHERE measure = 'inp') AS inp_numbers,
    array_agg(value ORDER BY value) FILTER (WHERE measure = 'cls') AS cls_values,
    array_agg(number ORDER BY value) FILTER (WHERE measure = 'cls') AS cls_numbers,
    array_agg(value ORDER BY value) FILTER (WHERE measure = 'fcp') AS fcp_values,
    array_agg(number ORDER BY value) FILTER (WHERE measure = 'fcp') AS fcp_numbers,
    array_agg(value ORDER BY value) FILTER (WHERE measure = 'ttfb') AS ttfb_values,
    array_agg(number ORDER BY value) FILTER (WHERE measure = 'ttfb') AS ttfb_numbers
  FROM rounded
  GROUP BY page_path
)
SELECT
  c.page_path,
  c.learners,
  c.learners_key,
  c.pages,
  c.pages_top,
  c.lcp_learners,
  c.lcp_learners_key,
  c.inp_learners,
  c.inp_learners_key,
  c.cls_learners,
  c.cls_learners_key,
  c.fcp_learners,
  c.fcp_learners_key,
  c.ttfb_learners,
  c.ttfb_learners_key,
  s.lcp_values,
  s.lcp_numbers,
  s.inp_values,
  s.inp_numbers,
  s.cls_values,
  s.cls_numbers,
  s.fcp_values,
  s.fcp_numbers,
  s.ttfb_values,
  s.ttfb_numbers
FROM counted AS c
LEFT JOIN spread AS s ON s.page_path = c.page_path
ORDER BY pages DESC, page_path
LIMIT 200
