-- Problems that an account had answered right in one place and soon after answered once more from
-- another, while in the first place the work went on with something else: two people at work, each
-- with their own progress. Whoever changes between two devices or lines goes on where they were. A
-- request that is sent twice, over one line and the other, is of one device and comes within a minute.
-- went_on is when the first place did so: until then a second crossing is of the same moment.
WITH checks AS (
  SELECT DISTINCT
    day,
    subject,
    time,
    coalesce(detail ->> 'problem_id', nullif(object, ''), '') AS problem,
    key_id,
    network_token AS network,
    coalesce(network_kind, '') AS kind,
    coalesce(country, '') AS country,
    concat(regexp_replace(coalesce(browser, ''), ' [0-9.]+', ''), '|', coalesce(os, ''), '|', coalesce(device, '')) AS kit,
    CASE
      WHEN lower(coalesce(detail ->> 'success', '')) IN ('correct', 'true') THEN 1
      WHEN coalesce(detail ->> 'success', '') = '' AND TRY_CAST(detail ->> 'max_grade' AS DOUBLE) > 0 AND TRY_CAST(detail ->> 'grade' AS DOUBLE) >= TRY_CAST(detail ->> 'max_grade' AS DOUBLE) THEN 1
      ELSE 0
    END AS is_right
  FROM events
  WHERE day BETWEEN $start AND $end
    AND name = 'problem_check'
    AND subject IN (SELECT unnest($subjects))
    AND network_token <> 0
    AND time <= received + INTERVAL 1 MINUTE
),
solved AS (
  SELECT subject, problem, key_id, network, kit, max(kind) AS kind, max(country) AS country, time AS solved
  FROM checks
  WHERE is_right = 1 AND problem <> ''
  GROUP BY subject, problem, key_id, network, kit, time
),
again AS (
  SELECT b.subject, b.day, b.problem, b.key_id, s.network AS network_before, b.network, max(s.kind) AS kind_before, max(b.kind) AS kind, max(s.country) AS country_before, max(b.country) AS country, max(s.solved) AS solved, b.time, max(CASE WHEN b.kit <> s.kit AND b.kit <> '||' AND s.kit <> '||' THEN 1 ELSE 0 END) AS is_other_device
  FROM solved AS s
  JOIN checks AS b ON b.subject = s.subject AND b.problem = s.problem AND b.key_id = s.key_id
  WHERE b.network <> s.network
    AND b.time > s.solved
    AND epoch(b.time) - epoch(s.solved) <= $again_within
    AND (epoch(b.time) - epoch(s.solved) >= $again_after OR (b.kit <> s.kit AND b.kit <> '||' AND s.kit <> '||'))
  GROUP BY b.subject, b.day, b.problem, b.key_id, s.network, b.network, b.time
),
beside AS (
  SELECT
    a.subject,
    a.day,
    a.problem,
    a.network_before,
    a.network,
    a.kind_before,
    a.kind,
    a.country_before,
    a.country,
    a.solved,
    a.time,
    a.is_other_device,
    max(CASE WHEN w.time <= a.time THEN w.time END) AS left_at,
    min(CASE WHEN w.time > a.time AND w.problem <> a.problem THEN w.time END) AS went_on
  FROM again AS a
  JOIN checks AS w ON w.subject = a.subject AND w.key_id = a.key_id AND w.network = a.network_before
  WHERE epoch(w.time) - epoch(a.time) BETWEEN -$meanwhile_seconds AND $meanwhile_seconds
  GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12
)
SELECT subject, day, problem, network_before, network, country_before, country, kind_before, kind, solved AS time_before, time AS first_time, went_on, is_other_device
FROM beside
WHERE epoch(went_on) - epoch(left_at) <= $meanwhile_seconds
ORDER BY subject, first_time
