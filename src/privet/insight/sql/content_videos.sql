-- Each video: who began it, who saw at least 45 of its 50 segments, and how much of it.
-- by: institution, course, section, video
-- of section: greatest
-- of seen: 0.5
-- of duration: 0.5
-- at least: plays learners
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
    count(*) FILTER (WHERE duration IS NOT NULL) AS duration_learners,
    sum(subject % 4294967296) FILTER (WHERE duration IS NOT NULL) AS duration_learners_key
  FROM seen
  GROUP BY video_key
),
shares AS (
  SELECT video_key, CAST(segments AS DOUBLE) / 50 AS share, count(*) AS number
  FROM seen
  GROUP BY 1, 2
),
seen_spread AS (
  SELECT
    video_key,
    array_agg(share ORDER BY share) AS seen_values,
    array_agg(number ORDER BY share) AS seen_numbers
  FROM shares
  GROUP BY video_key
),
durations AS (
  SELECT video_key, round(duration) AS duration, count(*) AS number
  FROM seen
  WHERE duration IS NOT NULL
  GROUP BY 1, 2
),
duration_spread AS (
  SELECT
    video_key,
    array_agg(duration ORDER BY duration) AS duration_values,
    array_agg(number ORDER BY duration) AS duration_numbers
  FROM durations
  GROUP BY video_key
),
-- Only of those who are counted below: what another's page was called is not told.
sections AS (
  SELECT video_key, institution, course, video, section, count(*) AS number
  FROM video_views
  WHERE day BETWEEN $start AND $end
    AND ($institution = '' OR institution = $institution)
    AND ($course = '' OR course = $course)
    AND plays > 0
  GROUP BY video_key, institution, course, video, section
),
names AS (
  SELECT
    video_key,
    institution,
    course,
    video,
    array_agg(section ORDER BY section) AS section_values,
    array_agg(number ORDER BY section) AS section_numbers
  FROM sections
  GROUP BY video_key, institution, course, video
)
SELECT
  n.institution,
  n.course,
  n.section_values,
  n.section_numbers,
  n.video,
  c.learners,
  c.learners_key,
  c.full_viewers,
  c.full_viewers_key,
  c.partial_viewers,
  c.partial_viewers_key,
  c.plays,
  c.plays_top,
  c.duration_learners,
  c.duration_learners_key,
  s.seen_values,
  s.seen_numbers,
  d.duration_values,
  d.duration_numbers
FROM counted AS c
INNER JOIN names AS n ON n.video_key = c.video_key
LEFT JOIN seen_spread AS s ON s.video_key = c.video_key
LEFT JOIN duration_spread AS d ON d.video_key = c.video_key
ORDER BY learners DESC, video
LIMIT 500
