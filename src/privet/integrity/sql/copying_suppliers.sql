-- Accounts of a course that may have got answers for others, with how many problems' answers each
-- got; and in a row of account 0, how many accounts solved enough to be the other side of a pair.
-- Grouping all acts by account and problem is what costs most, so it is done only where needed. The
-- problems fall into 124 classes, and a set of classes is the binary digits of two numbers. Who solved
-- something in more classes in which it got nothing than a harvester may solve problems, is none; and
-- whoever solved something in three classes solved three problems. The others are counted by problem:
-- all is exact, however often something was submitted again.
-- $problems are those of the course. They are told and not found here, since an engine that knows
-- neither number takes all acts for the smaller side of the join, which costs several times as much.
-- One that is not among them has no class, and whoever worked on it is counted by problem all the more.
WITH classes AS (
  SELECT one.problem AS problem, row_number() OVER (ORDER BY one.problem) % 124 AS class
  FROM (SELECT unnest($problems) AS one) AS told
),
bits AS (
  SELECT
    problem,
    CASE WHEN class < 62 THEN CAST(1 AS BIGINT) << CAST(class AS INTEGER) ELSE 0 END AS low,
    CASE WHEN class >= 62 THEN CAST(1 AS BIGINT) << CAST(class - 62 AS INTEGER) ELSE 0 END AS high
  FROM classes
),
acts AS (
  SELECT
    a.subject,
    a.solved,
    least(a.shown, a.exhausted) AS got_at,
    coalesce(b.low, 0) AS low,
    coalesce(b.high, 0) AS high
  FROM integrity_answers AS a
  LEFT JOIN bits AS b ON b.problem = a.problem
  WHERE a.day BETWEEN $start AND $end
    AND a.course = $course
    AND a.is_in_order = 1
),
sums AS (
  SELECT
    subject,
    count(*) AS touched,
    count(got_at) AS got,
    count(solved) AS solved,
    bit_or(CASE WHEN got_at IS NOT NULL THEN low ELSE 0 END) AS got_low,
    bit_or(CASE WHEN got_at IS NOT NULL THEN high ELSE 0 END) AS got_high,
    bit_or(CASE WHEN solved IS NOT NULL THEN low ELSE 0 END) AS solved_low,
    bit_or(CASE WHEN solved IS NOT NULL THEN high ELSE 0 END) AS solved_high,
    max(CASE WHEN epoch(got_at) >= epoch(CAST($since AS TIMESTAMPTZ)) - $reach THEN 1 ELSE 0 END) AS is_at_work
  FROM acts
  GROUP BY subject
),
ones AS (
  SELECT
    subject,
    touched,
    got,
    solved,
    is_at_work,
    bit_count(solved_low & ~got_low) + bit_count(solved_high & ~got_high) AS alone_classes,
    bit_count(solved_low) + bit_count(solved_high) AS solved_classes
  FROM sums
),
marked AS (
  SELECT
    subject,
    is_at_work,
    CASE WHEN got >= 2 AND alone_classes <= $own * touched THEN 1 ELSE 0 END AS is_likely,
    CASE WHEN solved_classes >= $fewest_apart THEN 1 ELSE 0 END AS is_master,
    CASE WHEN solved >= $fewest_apart AND solved_classes < $fewest_apart THEN 1 ELSE 0 END AS is_doubtful
  FROM ones
),
work AS (
  SELECT
    a.subject,
    a.problem,
    min(a.solved) AS solved,
    min(least(a.shown, a.exhausted)) AS got_at
  FROM integrity_answers AS a
  JOIN marked AS m ON m.subject = a.subject
  WHERE m.is_likely + m.is_doubtful > 0
    AND a.day BETWEEN $start AND $end
    AND a.course = $course
    AND a.is_in_order = 1
  GROUP BY a.subject, a.problem
),
counted AS (
  SELECT
    subject,
    count(*) AS touched,
    count(got_at) AS got,
    count(solved) AS solved,
    sum(CASE WHEN solved IS NOT NULL AND (got_at IS NULL OR solved < got_at) THEN 1 ELSE 0 END) AS by_itself
  FROM work
  GROUP BY subject
),
known AS (
  SELECT
    m.subject,
    m.is_at_work,
    c.got,
    CASE WHEN m.is_likely = 1 AND c.got >= 2 AND c.by_itself <= $own * c.touched THEN 1 ELSE 0 END AS is_supplier,
    CASE WHEN m.is_master = 1 OR (m.is_doubtful = 1 AND c.solved >= $fewest_apart) THEN 1 ELSE 0 END AS is_master
  FROM marked AS m
  LEFT JOIN counted AS c ON c.subject = m.subject
)
SELECT subject, got, is_at_work, 0 AS masters
FROM known
WHERE is_supplier = 1
UNION ALL
SELECT 0 AS subject, 0 AS got, 0 AS is_at_work, coalesce(sum(is_master), 0) AS masters
FROM known
