-- Everything that the rollup of errors holds.
SELECT subject, signature, message, stack, errors
FROM page_errors
WHERE day BETWEEN $start AND $end
ORDER BY subject, message
