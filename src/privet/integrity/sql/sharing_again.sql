-- How much of what an account had first solved in one place was done again from another within hours,
-- by evening, and by the way from the one place to the other. An evening is of two places, and lasts
-- until nothing was done again for as long as a sitting takes, whatever the date is meanwhile; its day
-- is its first. Of the way: of how many problems (again), how many of them soon (soon), how many were
-- solved in the first place in that sitting at all (solved), how long the same problems took in the one
-- place and in the other (since the act before, up to a quarter of an hour), and how many were wrong at
-- first there (wrong). Of the evening, both ways: how many problems were done again (twice), and how
-- many were solved in one of the two places (either). What had been tried in the other place before it
-- was solved is not counted: two devices of one person do so, and two people of whom one gives up.
-- Whoever tries a thing once more does so with few of many; whoever goes over their work is quick at
-- it. A second person does most of it, and takes their time.
-- problem, time_before and first_time are of the problem that came soonest.
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
paced AS (
  SELECT day, subject, time, problem, key_id, network, kind, country, kit, is_right, epoch(time) - epoch(lag(time) OVER (PARTITION BY subject, key_id, network ORDER BY time)) AS spent
  FROM checks
),
tried AS (
  SELECT subject, key_id, day, problem, network, min(time) AS tried
  FROM paced
  WHERE problem <> ''
  GROUP BY subject, key_id, day, problem, network
),
timed AS (
  SELECT t.subject, t.key_id, t.day, t.problem, t.network, t.tried, max(p.kind) AS kind, max(p.country) AS country, max(p.kit) AS kit, max(p.spent) AS spent, max(p.is_right) AS is_right
  FROM tried AS t
  JOIN paced AS p ON p.subject = t.subject AND p.key_id = t.key_id AND p.network = t.network AND p.problem = t.problem AND p.time = t.tried
  GROUP BY t.subject, t.key_id, t.day, t.problem, t.network, t.tried
),
firsts AS (
  SELECT subject, key_id, problem, min(time) AS solved
  FROM paced
  WHERE is_right = 1 AND problem <> ''
  GROUP BY subject, key_id, problem
),
solved AS (
  SELECT f.subject, f.key_id, f.problem, f.solved, p.network, max(p.day) AS day, max(p.kind) AS kind, max(p.country) AS country, max(p.kit) AS kit
  FROM firsts AS f
  JOIN paced AS p ON p.subject = f.subject AND p.key_id = f.key_id AND p.problem = f.problem AND p.time = f.solved AND p.is_right = 1
  GROUP BY f.subject, f.key_id, f.problem, f.solved, p.network
),
again AS (
  SELECT
    s.subject,
    s.key_id,
    b.day,
    s.problem,
    s.network AS network_before,
    b.network,
    s.kind AS kind_before,
    b.kind,
    s.country AS country_before,
    b.country,
    s.solved,
    b.tried,
    epoch(b.tried) - epoch(s.solved) AS apart,
    CASE WHEN a.spent < 900 AND b.spent < 900 THEN a.spent ELSE 0 END AS spent_before,
    CASE WHEN a.spent < 900 AND b.spent < 900 THEN b.spent ELSE 0 END AS spent,
    1 - b.is_right AS is_wrong
  FROM solved AS s
  JOIN timed AS a ON a.subject = s.subject AND a.key_id = s.key_id AND a.problem = s.problem AND a.network = s.network AND a.day = s.day
  JOIN timed AS b ON b.subject = s.subject AND b.key_id = s.key_id AND b.problem = s.problem
  WHERE b.network <> s.network
    AND b.tried > s.solved
    AND epoch(b.tried) - epoch(s.solved) <= $within_seconds
    AND (epoch(b.tried) - epoch(s.solved) >= $again_after OR (b.kit <> s.kit AND b.kit <> '||' AND s.kit <> '||'))
),
marked AS (
  SELECT
    *,
    least(network_before, network) AS one,
    greatest(network_before, network) AS other,
    CASE WHEN epoch(tried) - epoch(lag(tried) OVER (PARTITION BY subject, key_id, least(network_before, network), greatest(network_before, network) ORDER BY tried)) <= $sitting_seconds THEN 0 ELSE 1 END AS begins
  FROM again
),
numbered AS (
  SELECT *, sum(begins) OVER (PARTITION BY subject, key_id, one, other ORDER BY tried) AS evening
  FROM marked
),
ranked AS (
  SELECT *, row_number() OVER (PARTITION BY subject, key_id, network_before, network, evening ORDER BY apart, tried, problem) AS place
  FROM numbered
),
evenings AS (
  SELECT
    subject,
    key_id,
    one,
    other,
    evening,
    min(day) AS day,
    count(DISTINCT problem) AS twice,
    min(solved) AS since,
    max(solved) AS until,
    min(tried) AS begins,
    max(tried) AS ends
  FROM numbered
  GROUP BY subject, key_id, one, other, evening
),
ways AS (
  SELECT
    subject,
    key_id,
    one,
    other,
    evening,
    network_before,
    network,
    max(kind_before) AS kind_before,
    max(kind) AS kind,
    max(country_before) AS country_before,
    max(country) AS country,
    count(*) AS again,
    sum(CASE WHEN apart <= $again_within THEN 1 ELSE 0 END) AS soon,
    sum(spent_before) AS spent_before,
    sum(spent) AS spent,
    sum(is_wrong) AS wrong,
    max(CASE WHEN place = 1 THEN problem END) AS problem,
    max(CASE WHEN place = 1 THEN solved END) AS time_before,
    max(CASE WHEN place = 1 THEN tried END) AS first_time
  FROM ranked
  GROUP BY subject, key_id, one, other, evening, network_before, network
),
sitting AS (
  SELECT e.subject, e.key_id, e.one, e.other, e.evening, o.problem, o.network, max(CASE WHEN t.tried < o.solved THEN 1 ELSE 0 END) AS tried_before
  FROM evenings AS e
  JOIN solved AS o ON o.subject = e.subject AND o.key_id = e.key_id AND o.network IN (e.one, e.other)
  LEFT JOIN tried AS t ON t.subject = o.subject AND t.key_id = o.key_id AND t.problem = o.problem AND t.network IN (e.one, e.other) AND t.network <> o.network
  WHERE epoch(o.solved) >= epoch(e.since) - $sitting_seconds
    AND epoch(o.solved) <= epoch(e.until) + $sitting_seconds
    AND o.solved <= e.ends
  GROUP BY e.subject, e.key_id, e.one, e.other, e.evening, o.problem, o.network
)
SELECT
  w.subject,
  e.day,
  e.begins,
  e.ends,
  w.problem,
  w.network_before,
  w.network,
  w.country_before,
  w.country,
  w.kind_before,
  w.kind,
  w.time_before,
  w.first_time,
  w.again,
  w.soon,
  w.spent_before,
  w.spent,
  w.wrong,
  e.twice,
  count(DISTINCT CASE WHEN s.network = w.network_before THEN s.problem END) AS solved,
  count(DISTINCT s.problem) AS either
FROM ways AS w
JOIN evenings AS e ON e.subject = w.subject AND e.key_id = w.key_id AND e.one = w.one AND e.other = w.other AND e.evening = w.evening
JOIN sitting AS s ON s.subject = w.subject AND s.key_id = w.key_id AND s.one = w.one AND s.other = w.other AND s.evening = w.evening
WHERE s.tried_before = 0
GROUP BY w.subject, e.day, e.begins, e.ends, w.problem, w.network_before, w.network, w.country_before, w.country, w.kind_before, w.kind, w.time_before, w.first_time, w.again, w.soon, w.spent_before, w.spent, w.wrong, e.twice
ORDER BY w.subject, w.first_time, w.network_before, w.network
