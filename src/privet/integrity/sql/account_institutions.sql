-- In which institutions' courses some accounts did what integrity may read.
SELECT DISTINCT subject, institution
FROM integrity_presence
WHERE day BETWEEN $start AND $end
  AND list_contains($subjects, subject)
  AND institution <> ''
ORDER BY subject, institution
