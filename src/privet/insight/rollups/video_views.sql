-- rollup for analytics
-- Which of a video's 50 segments a learner saw on a day, and which of them more than once.
-- A segment is seen when its middle was played: between a play (or a move while playing) and the
-- next pause, stop or move of the same session.
WITH acts AS (
  SELECT
    day,
    subject,
    institution,
    course,
    session,
    time,
    event_id,
    name,
    coalesce(nullif(object, ''), detail ->> 'id', '') AS video,
    regexp_extract(page_path, '^/(?:courses|learning/course)/.+?/(units/[^/]+|courseware/[^/]+/[^/]+|block-v1:[^/]+type@sequential[^/]+)', 1) AS section,
    TRY_CAST(detail ->> 'duration' AS DOUBLE) AS duration,
    CASE WHEN name = 'seek_video' THEN TRY_CAST(detail ->> 'old_time' AS DOUBLE) ELSE TRY_CAST(detail ->> 'currentTime' AS DOUBLE) END AS left_at,
    CASE WHEN name = 'seek_video' THEN TRY_CAST(detail ->> 'new_time' AS DOUBLE) ELSE TRY_CAST(detail ->> 'currentTime' AS DOUBLE) END AS went_to
  FROM events
  WHERE name IN ('load_video', 'play_video', 'pause_video', 'seek_video', 'stop_video')
    AND subject <> 0
),
steps AS (
  SELECT
    day,
    subject,
    institution,
    course,
    video,
    section,
    time,
    event_id,
    name,
    went_to,
    max(duration) OVER (PARTITION BY day, subject, institution, course, video) AS duration,
    last_value(CASE WHEN name <> 'seek_video' THEN name END IGNORE NULLS) OVER (
      PARTITION BY day, subject, institution, course, session, video
      ORDER BY time, event_id
      ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
    ) AS state,
    lead(name) OVER (
      PARTITION BY day, subject, institution, course, session, video ORDER BY time, event_id
    ) AS next_name,
    lead(left_at) OVER (
      PARTITION BY day, subject, institution, course, session, video ORDER BY time, event_id
    ) AS next_left_at
  FROM acts
  WHERE video <> ''
),
plays AS (
  SELECT
    day,
    subject,
    institution,
    course,
    video,
    section,
    time,
    event_id,
    name,
    duration,
    CASE WHEN state = 'play_video' THEN went_to END AS began,
    CASE WHEN next_name IN ('pause_video', 'stop_video', 'seek_video') THEN next_left_at END AS ended
  FROM steps
),
masks AS (
  SELECT
    day,
    subject,
    institution,
    course,
    video,
    section,
    time,
    event_id,
    name,
    duration,
    CASE WHEN ended > began THEN ended - began ELSE 0 END AS seconds,
    CASE
      WHEN ended > began AND duration > 0 THEN
        (CAST(1 AS BIGINT) << CAST(greatest(0, least(50, ceil(ended * 50 / duration - 0.5))) AS INTEGER))
        - (CAST(1 AS BIGINT) << CAST(greatest(0, least(50, ceil(began * 50 / duration - 0.5))) AS INTEGER))
      ELSE CAST(0 AS BIGINT)
    END AS mask
  FROM plays
),
twice AS (
  SELECT
    day,
    subject,
    institution,
    course,
    video,
    section,
    name,
    duration,
    seconds,
    mask,
    mask & coalesce(bit_or(mask) OVER (
      PARTITION BY day, subject, institution, course, video
      ORDER BY time, event_id
      ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
    ), CAST(0 AS BIGINT)) AS again
  FROM masks
)
SELECT
  day,
  subject,
  institution,
  course,
  video,
  left(md5(concat(institution, '|', course, '|', video)), 12) AS video_key,
  max(section) AS section,
  left(md5(concat(institution, '|', course, '|', max(section))), 12) AS section_key,
  count(*) FILTER (WHERE name = 'play_video') AS plays,
  sum(seconds) AS seconds,
  max(duration) AS duration,
  bit_or(mask) AS mask,
  bit_or(again) AS again
FROM twice
GROUP BY day, subject, institution, course, video
