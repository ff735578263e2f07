-- By which way learners came: visits with a page by kind of origin, by site, and by campaign.
-- Somebody counts as enrolled under an origin if they enrolled on the day they came by it or later.
-- by: level, kind, name
-- at least: sessions learners
WITH came AS (
  SELECT
    subject,
    session,
    min(day) AS day,
    coalesce(max(referrer_host), '') AS host,
    coalesce(max(campaign), '') AS campaign
  FROM visits
  WHERE day BETWEEN $start AND $end
    AND session <> 0
  GROUP BY subject, session
  HAVING sum(pages) > 0 AND max(CASE WHEN ($institution = '' OR institution = $institution) AND ($course = '' OR course = $course) AND ($device = '' OR device = $device) THEN 1 ELSE 0 END) = 1
),
named AS (
  SELECT
    subject,
    day,
    host,
    campaign,
    CASE
      WHEN campaign <> '' THEN 'campaign'
      WHEN host = '' THEN 'direct'
      WHEN regexp_matches(host, $search) THEN 'search'
      WHEN regexp_matches(host, $social) THEN 'social'
      ELSE 'site'
    END AS kind
  FROM came
),
levels AS (
  SELECT 'kind' AS level, kind, '' AS name, subject, day FROM named
  UNION ALL
  SELECT 'host', kind, host, subject, day FROM named WHERE kind IN ('search', 'social', 'site')
  UNION ALL
  SELECT 'campaign', kind, campaign, subject, day FROM named WHERE kind = 'campaign'
),
each AS (
  SELECT level, kind, name, subject, count(*) AS sessions, min(day) AS since
  FROM levels
  GROUP BY level, kind, name, subject
),
enrolled AS (
  SELECT subject, max(day) AS until
  FROM enrolments
  WHERE day BETWEEN $start AND $end
    AND ($institution = '' OR institution = $institution)
    AND ($course = '' OR course = $course)
    AND name = 'edx.course.enrollment.activated'
  GROUP BY subject
)
SELECT
  each.level AS level,
  each.kind AS kind,
  each.name AS name,
  count(*) AS learners,
  sum(each.subject % 4294967296) AS learners_key,
  sum(each.sessions) AS sessions,
  max(each.sessions) AS sessions_top,
  count(*) FILTER (WHERE enrolled.until >= each.since) AS enrolled,
  sum(each.subject % 4294967296) FILTER (WHERE enrolled.until >= each.since) AS enrolled_key
FROM each
LEFT JOIN enrolled ON enrolled.subject = each.subject
GROUP BY each.level, each.kind, each.name
ORDER BY learners DESC, level, kind, name
LIMIT 500
