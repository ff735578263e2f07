-- Over the 50 segments of one video: who saw each, and who saw it more than once.
-- by: segment
WITH days AS (
  SELECT
    subject,
    day,
    mask,
    again | (mask & coalesce(bit_or(mask) OVER (
      PARTITION BY subject
      ORDER BY day, institution, course
      ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
    ), CAST(0 AS BIGINT))) AS again
  FROM video_views
  WHERE day BETWEEN $start AND $end
    AND ($institution = '' OR institution = $institution)
    AND ($course = '' OR course = $course)
    AND video = $video
),
people AS (
  SELECT subject, bit_or(mask) AS mask, bit_or(again) AS again
  FROM days
  GROUP BY subject
),
spread AS (
  SELECT subject, mask, again, unnest(range(0, 50)) AS segment
  FROM people
),
bits AS (
  SELECT
    subject,
    segment,
    (mask >> CAST(segment AS INTEGER)) & 1 AS is_seen,
    (again >> CAST(segment AS INTEGER)) & 1 AS is_again
  FROM spread
)
SELECT
  segment,
  count(*) FILTER (WHERE is_seen = 1) AS learners,
  sum(subject % 4294967296) FILTER (WHERE is_seen = 1) AS learners_key,
  count(*) FILTER (WHERE is_again = 1) AS again,
  sum(subject % 4294967296) FILTER (WHERE is_again = 1) AS again_key
FROM bits
GROUP BY segment
ORDER BY segment
