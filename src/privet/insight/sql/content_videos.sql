-- Each video: who began it, who saw at least 45 of its 50 segments, and how much of it.
-- by: institution, course, section, video
WITH people AS (
  SELECT
    video_key,
    subject,
    sum(plays) AS plays,
    sum(seconds) AS seconds,
    max(duration) AS duration,
    bit_or(mask) AS mask
  FROM video_views
  WHERE day BETWEEN $start AND $end
    AND ($institution = '' OR institution = $institution)
    AND ($course = '' OR course = $course)
  GROUP BY video_key, subject
  HAVING sum(plays) > 0
),
-- The number of bits of the mask, by adding neighbours: pairs, fours, eights, …
pairs AS (
  SELECT *, mask - ((mask >> 1) & 375299968947541) AS bits FROM people
),
fours AS (
  SELECT *, (bits & 900719925474099) + ((bits >> 2) & 900719925474099) AS bits4 FROM pairs
),
eights AS (
  SELECT *, (bits4 + (bits4 >> 4)) & 860982281703183 AS bits8 FROM fours
),
seen AS (
  SELECT
    *,
    (bits8 & 255) + ((bits8 >> 8) & 255) + ((bits8 >> 16) & 255) + ((bits8 >> 24) & 255)
    + ((bits8 >> 32) & 255) + ((bits8 >> 40) & 255) + ((bits8 >> 48) & 255) AS segments
  FROM eights
),
counted AS (
  SELECT
    video_key,
    count(*) AS learners,
    sum(subject % 4294967296) AS learners_key,
    count(*) FILTER (WHERE segments >= 45) AS full_viewers,
    sum(subject % 4294967296) FILTER (WHERE segments >= 45) AS full_viewers_key,
    count(*) FILTER (WHERE segments BETWEEN 1 AND 44) AS partial_viewers,
    sum(subject % 4294967296) FILTER (WHERE segments BETWEEN 1 AND 44) AS partial_viewers_key,
    sum(plays) AS plays,
    max(plays) AS plays_top,
    percentile_cont(0.5) WITHIN GROUP (ORDER BY segments / 50.0) AS seen_stat,
    percentile_cont(0.5) WITHIN GROUP (ORDER BY duration) AS duration_stat
  FROM seen
  GROUP BY video_key
),
names AS (
  SELECT video_key, institution, course, video, max(section) AS section
  FROM video_views
  WHERE day BETWEEN $start AND $end
    AND ($institution = '' OR institution = $institution)
    AND ($course = '' OR course = $course)
  GROUP BY video_key, institution, course, video
)
SELECT
  n.institution,
  n.course,
  n.section,
  n.video,
  c.learners,
  c.learners_key,
  c.full_viewers,
  c.full_viewers_key,
  c.partial_viewers,
  c.partial_viewers_key,
  c.plays,
  c.plays_top,
  c.seen_stat,
  c.duration_stat
FROM counted AS c
INNER JOIN names AS n ON n.video_key = c.video_key
ORDER BY learners DESC, video
LIMIT 500
