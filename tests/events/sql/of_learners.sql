-- How many events some learners have.
SELECT count(*) AS events
FROM events
WHERE list_contains($subjects, subject)
