-- Which of some accounts are to be seen at all: who objected, is restricted or is gone is not.
SELECT DISTINCT subject
FROM integrity_presence
WHERE day BETWEEN $start AND $end
  AND list_contains($subjects, subject)
