-- How fast pages were on each type of device: the 75th percentile of each measure.
-- by: device
WITH shown AS (
  SELECT device, subject, lcp, inp, cls, fcp, ttfb
  FROM timings
  WHERE day BETWEEN $start AND $end
    AND ($institution = '' OR institution = $institution)
    AND ($course = '' OR course = $course)
),
people AS (
  SELECT device, subject, count(*) AS pages
  FROM shown
  GROUP BY device, subject
),
counted AS (
  SELECT
    device,
    count(*) AS learners,
    sum(subject % 4294967296) AS learners_key,
    sum(pages) AS pages,
    max(pages) AS pages_top
  FROM people
  GROUP BY device
),
measured AS (
  SELECT
    device,
    percentile_cont(0.75) WITHIN GROUP (ORDER BY lcp) AS lcp_stat,
    percentile_cont(0.75) WITHIN GROUP (ORDER BY inp) AS inp_stat,
    percentile_cont(0.75) WITHIN GROUP (ORDER BY cls) AS cls_stat,
    percentile_cont(0.75) WITHIN GROUP (ORDER BY fcp) AS fcp_stat,
    percentile_cont(0.75) WITHIN GROUP (ORDER BY ttfb) AS ttfb_stat
  FROM shown
  GROUP BY device
)
SELECT
  c.device,
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
INNER JOIN measured AS m ON m.device = c.device
ORDER BY pages DESC, device
LIMIT 20
