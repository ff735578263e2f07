-- To which country, kind of network, kind of device and courses accounts belong: how many of each
-- (subject 0), and for some accounts which (their subject). All but courses are where an account
-- acted most.
WITH acts AS (
  SELECT subject, course, kind, country, sum(acts) AS acts
  FROM integrity_presence
  WHERE day BETWEEN $start AND $end
  GROUP BY subject, course, kind, country
),
named AS (
  SELECT subject, 'country' AS by_what, country AS name, acts FROM acts
  UNION ALL
  SELECT subject, 'network' AS by_what, kind AS name, acts FROM acts
  UNION ALL
  SELECT subject, 'device' AS by_what, device AS name, acts
  FROM integrity_devices
  WHERE day BETWEEN $start AND $end
),
ordered AS (
  SELECT subject, by_what, name, row_number() OVER (PARTITION BY subject, by_what ORDER BY sum(acts) DESC, name) AS place
  FROM named
  GROUP BY subject, by_what, name
),
belongs AS (
  SELECT subject, by_what, name FROM ordered WHERE place = 1
  UNION ALL
  SELECT DISTINCT subject, 'course' AS by_what, course AS name FROM acts WHERE course <> ''
),
wanted AS (
  SELECT subject FROM ordered WHERE by_what = 'country' AND place = 1 AND list_contains($subjects, subject)
),
found AS (
  SELECT by_what, name, 0 AS subject, count(*) AS accounts
  FROM belongs
  GROUP BY by_what, name
  UNION ALL
  SELECT b.by_what, b.name, b.subject, 1 AS accounts
  FROM belongs AS b
  JOIN wanted AS s ON s.subject = b.subject
)
SELECT by_what, name, subject, accounts
FROM found
ORDER BY by_what, name, subject
