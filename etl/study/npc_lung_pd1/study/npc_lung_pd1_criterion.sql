-- One row per NPC patient and criterion answered. Whoever fails p1 or p2 has these two answers only.
SELECT
    answered.person_id,
    criterion.criterion_no,
    answered.criterion,
    answered.answer,
    answered.value,
    answered.found_on,
    CASE WHEN answered.found_on IS NOT NULL THEN 'day' END AS date_precision,
    (criterion.kind <> 'exclusion' AND answered.answer = 'not met')
    OR (criterion.kind = 'exclusion' AND answered.answer = 'met') AS is_failed
FROM (
    SELECT person_id, criterion, answer, value, found_on FROM study.criterion_p1
    UNION ALL
    SELECT person_id, criterion, answer, value, found_on FROM study.criterion_p2
    UNION ALL
    SELECT person_id, criterion, answer, value, found_on FROM study.criterion_i1
    UNION ALL
    SELECT person_id, criterion, answer, value, found_on FROM study.criterion_i2
    UNION ALL
    SELECT person_id, criterion, answer, value, found_on FROM study.criterion_i6
    UNION ALL
    SELECT person_id, criterion, answer, value, found_on FROM study.criterion_e1
    UNION ALL
    SELECT person_id, criterion, answer, value, found_on FROM study.criterion_e3
    UNION ALL
    SELECT person_id, criterion, answer, value, found_on FROM study.criterion_from_text
) AS answered
INNER JOIN study.criterion AS criterion ON criterion.criterion = answered.criterion
ORDER BY answered.person_id, criterion.criterion_no
