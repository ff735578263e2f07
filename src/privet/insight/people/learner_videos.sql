-- One learner's videos: which of the 50 segments they saw, over all days.
SELECT
  course,
  video,
  sum(plays) AS plays,
  max(duration) AS duration,
  bit_or(mask) AS mask,
  max(day) AS last_day
FROM video_views
WHERE subject BETWEEN $least AND $most
  AND list_contains($subjects, subject)
GROUP BY course, video
HAVING sum(plays) > 0
ORDER BY course, last_day DESC
LIMIT 1000
