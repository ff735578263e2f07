-- Everything that the rollup of videos holds.
SELECT day, subject, course, video, section, plays, seconds, duration, mask, again
FROM video_views
WHERE day BETWEEN $start AND $end
ORDER BY day, subject, course, video
