-- One row per criterion, in order: who enters it, how it is answered, who remains. A known failure
-- leaves at its first criterion; an unknown goes on, and resolved counts those without one so far: at
-- the last row it is the number of eligible patients.
WITH first_failed AS (
    SELECT
        person_id,
        min(CASE WHEN is_failed THEN criterion_no END)            AS failed_no,
        min(CASE WHEN answer = 'unknown' THEN criterion_no END)   AS unknown_no
    FROM study.npc_lung_pd1_criterion
    GROUP BY person_id
)

SELECT
    criterion.criterion_no,
    criterion.criterion,
    criterion.kind,
    criterion.title,
    count(answered.person_id)                                     AS entering,
    count(CASE WHEN answered.answer = 'met' THEN 1 END)      AS met,
    count(CASE WHEN answered.answer = 'not met' THEN 1 END)  AS not_met,
    count(CASE WHEN answered.answer = 'unknown' THEN 1 END)  AS unknown,
    count(CASE WHEN answered.is_failed = FALSE THEN 1 END)   AS remaining,
    count(
        CASE
            WHEN
                answered.is_failed = FALSE
                AND coalesce(answered.unknown_no, 99) > criterion.criterion_no
                THEN 1
        END
    )                                                             AS resolved
FROM study.criterion AS criterion
LEFT JOIN (
    SELECT
        one.person_id,
        one.criterion,
        one.answer,
        one.is_failed,
        first_failed.unknown_no
    FROM study.npc_lung_pd1_criterion AS one
    INNER JOIN first_failed ON first_failed.person_id = one.person_id
    WHERE coalesce(first_failed.failed_no, 99) >= one.criterion_no
) AS answered ON answered.criterion = criterion.criterion
GROUP BY criterion.criterion_no, criterion.criterion, criterion.kind, criterion.title
ORDER BY criterion.criterion_no
