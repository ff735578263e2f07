-- How fast pages were, over all: the 75th percentile of each measure.
WITH shown AS (
  SELECT subject, lcp, inp, cls, fcp, ttfb
  FROM timings
  WHERE day BETWEEN $start AND $end
    AND ($institution = '' OR institution = $institution)
    AND ($course = '' OR course = $course)
),
people AS (
  SELECT subject, count(*) AS pages
  FROM shown
  GROUP BY subject
),
counted AS (
  SELECT
    1 AS one,
    count(*) AS learners,
    sum(subject % 4294967296) AS learners_key,
    sum(pages) AS pages,
    max(pages) AS pages_top
  FROM people
),
measured AS (
  SELECT
    1 AS one,
    percentile_cont(0.75) WITHIN GROUP (ORDER BY lcp) AS lcp_stat,
    percentile_cont(0.75) WITHIN GROUP (ORDER BY inp) AS inp_stat,
    percentile_cont(0.75) WITHIN GROUP (ORDER BY cls) AS cls_stat,
    percentile_cont(0.75) WITHIN GROUP (ORDER BY fcp) AS fcp_stat,
    percentile_cont(0.75) WITHIN GROUP (ORDER BY ttfb) AS ttfb_stat
  FROM shown
)
SELECT
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
INNER JOIN measured AS m ON m.one = c.one
