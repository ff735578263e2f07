-- rollup for integrity
-- What an account did with a problem on a day: when it had the answer shown, when it got there by
-- wrong attempts, and when it first submitted a correct one; only acts on the server. An event
-- that is dated after it was received has a clock that is wrong, and is left out. Where the first
-- submission of a day does not have the lowest number of an attempt, a clock went back: is_in_order is 0.
WITH acts AS (
  SELECT
    day,
    subject,
    institution,
    course,
    time,
    event_id,
    name,
    coalesce(detail ->> 'problem_id', nullif(object, ''), '') AS problem,
    lower(coalesce(detail ->> 'success', '')) AS success,
    TRY_CAST(detail ->> 'grade' AS DOUBLE) AS grade,
    TRY_CAST(detail ->> 'max_grade' AS DOUBLE) AS max_grade,
    coalesce(TRY_CAST(detail ->> 'attempts' AS INTEGER), 0) AS attempt,
    left(coalesce(detail ->> 'answers', ''), 300) AS answer,
    coalesce(key_id, 0) AS key_id,
    coalesce(address_token, 0) AS address,
    coalesce(network_token, 0) AS network,
    coalesce(network_kind, '') AS kind,
    coalesce(country, '') AS country
  FROM events
  WHERE name IN ('problem_check', 'showanswer')
    AND subject <> 0
    AND time <= received + INTERVAL 1 MINUTE
),
tries AS (
  SELECT
    day,
    subject,
    institution,
    course,
    problem,
    time,
    event_id,
    name,
    attempt,
    answer,
    key_id,
    address,
    network,
    kind,
    country,
    CASE
      WHEN name <> 'problem_check' THEN 0
      WHEN success IN ('correct', 'true') OR (success = '' AND max_grade > 0 AND grade >= max_grade) THEN 1
      ELSE 0
    END AS is_right
  FROM acts
  WHERE problem <> ''
),
ordered AS (
  SELECT
    day,
    subject,
    institution,
    course,
    problem,
    time,
    name,
    attempt,
    answer,
    key_id,
    address,
    network,
    kind,
    country,
    is_right,
    row_number() OVER (PARTITION BY day, subject, institution, course, problem ORDER BY time, event_id) AS place,
    sum(CASE WHEN name = 'problem_check' AND is_right = 0 THEN 1 ELSE 0 END) OVER (PARTITION BY day, subject, institution, course, problem ORDER BY time, event_id) AS wrong_so_far
  FROM tries
)
SELECT
  day,
  subject,
  institution,
  course,
  problem,
  min(time) FILTER (WHERE name = 'showanswer') AS shown,
  min(time) FILTER (WHERE is_right = 1 AND wrong_so_far >= 2) AS exhausted,
  min(time) FILTER (WHERE is_right = 1) AS solved,
  min(time) FILTER (WHERE name = 'problem_check') AS first_try,
  max(time) FILTER (WHERE name = 'problem_check') AS last_try,
  coalesce(min_by(is_right, place) FILTER (WHERE name = 'problem_check'), 0) AS first_right,
  coalesce(min_by(answer, place) FILTER (WHERE name = 'problem_check'), '') AS first_answer,
  count(*) FILTER (WHERE name = 'problem_check') AS tries,
  max(CASE WHEN name = 'problem_check' THEN attempt ELSE 0 END) AS last_attempt,
  CASE
    WHEN coalesce(min_by(attempt, place) FILTER (WHERE name = 'problem_check'), 0) <= coalesce(min(attempt) FILTER (WHERE name = 'problem_check'), 0) THEN 1
    ELSE 0
  END AS is_in_order,
  coalesce(min_by(key_id, place) FILTER (WHERE is_right = 1), 0) AS solved_key,
  coalesce(min_by(address, place) FILTER (WHERE is_right = 1), 0) AS solved_address,
  coalesce(min_by(network, place) FILTER (WHERE is_right = 1), 0) AS solved_network,
  coalesce(min_by(key_id, place) FILTER (WHERE name = 'showanswer' OR (is_right = 1 AND wrong_so_far >= 2)), 0) AS got_key,
  coalesce(min_by(address, place) FILTER (WHERE name = 'showanswer' OR (is_right = 1 AND wrong_so_far >= 2)), 0) AS got_address,
  coalesce(min_by(network, place) FILTER (WHERE name = 'showanswer' OR (is_right = 1 AND wrong_so_far >= 2)), 0) AS got_network,
  coalesce(min_by(kind, place), '') AS kind,
  coalesce(min_by(country, place), '') AS country
FROM ordered
GROUP BY day, subject, institution, course, problem
