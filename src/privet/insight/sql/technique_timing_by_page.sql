-- How fast each page was: the 75th percentile of each measure.
-- by: page_path
WITH shown AS (
  SELECT page_path, subject, lcp, inp, cls, fcp, ttfb
  FROM timings
  WHERE day BETWEEN $start AND $end
    AND ($institution = '' OR institution = $institution)
    AND ($course = '' OR course = $course)
),
people AS (
  SELECT page_path, subject, count(*) AS pages
  FROM shown
  GROUP BY page_path, subject
),
counted AS (
  SELECT
    page_path,
    count(*) AS learners,
    sum(subject % 4294967296) AS learners_key,
    sum(pages) AS pages,
    max(pages) AS pages_top
  FROM people
  GROUP BY page_path
),
measured AS (
  SELECT
    page_path,
    percentile_cont(0.75) WITHIN GROUP (ORDER BY lcp) AS lcp_stat,
    percentile_cont(0.75) WITHIN GROUP (ORDER BY inp) AS inp_stat,
    percentile_cont(0.75) WITHIN GROUP (ORDER BY cls) AS cls_stat,
    percentile_cont(0.75) WITHIN GROUP (ORDER BY fcp) AS fcp_stat,
    percentile_cont(0.75) WITHIN GROUP (ORDER BY ttfb) AS ttfb_stat
  FROM shown
  GROUP BY page_path
)
SELECT
  c.page_path,
  c.learners,
  c.learners_key,
  c.pages,
  c.pages_top,
  m.lcp_stat,
  m.inp_stat,
  m.cls_stat,
  m.fcp_stat,
  m.ttfb_stat
FROM counted AS c
INNER JOIN measured AS m ON m.page_path = c.page_path
ORDER BY pages DESC, page_path
LIMIT 200
