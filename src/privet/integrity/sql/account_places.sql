-- From which kinds of networks and countries some accounts of a course acted, most often first.
SELECT subject, kind, country, sum(acts) AS acts
FROM integrity_presence
WHERE day BETWEEN $start AND $end
  AND subject IN (SELECT unnest($subjects))
GROUP BY subject, kind, country
ORDER BY acts DESC
