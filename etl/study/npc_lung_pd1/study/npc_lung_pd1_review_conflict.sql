-- One row per review line that was not used: it contradicts a known answer, or the patient has no such
-- criterion. Known answers stand; both are shown.
SELECT
    line.person_id,
    line.criterion,
    line.decision,
    found.answer,
    found.value,
    line.reason,
    line.reviewer_code,
    line.decided_on,
    CASE
        WHEN found.person_id IS NULL THEN 'no such criterion for this patient'
        ELSE 'the record answers otherwise'
    END                                           AS conflict
FROM study.review_decision AS line
LEFT JOIN study.npc_lung_pd1_answer AS found
    ON found.person_id = line.person_id AND found.criterion = line.criterion
WHERE
    found.person_id IS NULL
    OR (
        found.answer <> 'unknown'
        AND found.answer <> replace(line.decision, '_', ' ')
        AND line.criterion <> 'e9'
    )
ORDER BY line.person_id, line.criterion, line.decided_on
