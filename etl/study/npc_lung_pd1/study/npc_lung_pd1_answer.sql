-- One row per NPC patient and criterion answered from the CDM alone, before any review line.
SELECT
    answered.person_id,
    answered.criterion,
    answered.answer,
    answered.value,
    answered.found_on,
    CASE WHEN answered.found_on IS NOT NULL THEN answered.date_precision END AS date_precision
FROM (
    SELECT person_id, criterion, answer, value, found_on, date_precision FROM study.criterion_p1
    UNION ALL
    SELECT person_id, criterion, answer, value, found_on, date_precision FROM study.criterion_p2
    UNION ALL
    SELECT person_id, criterion, answer, value, found_on, date_precision FROM study.criterion_i1
    UNION ALL
    SELECT person_id, criterion, answer, value, found_on, date_precision FROM study.criterion_i2
    UNION ALL
    SELECT person_id, criterion, answer, value, found_on, date_precision FROM study.criterion_i3
    UNION ALL
    SELECT person_id, criterion, answer, value, found_on, date_precision FROM study.criterion_i4
    UNION ALL
    SELECT person_id, criterion, answer, value, found_on, date_precision FROM study.criterion_i5
    UNION ALL
    SELECT person_id, criterion, answer, value, found_on, date_precision FROM study.criterion_i6
    UNION ALL
    SELECT person_id, criterion, answer, value, found_on, date_precision FROM study.criterion_e1
    UNION ALL
    SELECT person_id, criterion, answer, value, found_on, date_precision FROM study.criterion_e2
    UNION ALL
    SELECT person_id, criterion, answer, value, found_on, date_precision FROM study.criterion_e3
    UNION ALL
    SELECT person_id, criterion, answer, value, found_on, date_precision FROM study.criterion_e4
    UNION ALL
    SELECT person_id, criterion, answer, value, found_on, date_precision FROM study.criterion_e5
    UNION ALL
    SELECT person_id, criterion, answer, value, found_on, date_precision FROM study.criterion_e6_e7
    UNION ALL
    SELECT person_id, criterion, answer, value, found_on, date_precision FROM study.criterion_e8
    UNION ALL
    SELECT person_id, criterion, answer, value, found_on, date_precision FROM study.criterion_e9
) AS answered
