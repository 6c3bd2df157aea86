-- One row per NPC patient and criterion answered. Whoever fails p1 or p2 has these two answers only. A signed
-- review line settles an unknown; a known answer stands beside it (see npc_lung_pd1_review_conflict).
WITH settled AS (
    SELECT
        found.person_id,
        found.criterion,
        CASE WHEN found.answer = 'unknown' THEN coalesce(line.decision, found.answer) ELSE found.answer END
                                                  AS answer,
        CASE
            WHEN found.answer = 'unknown' AND line.person_id IS NOT NULL
                THEN 'review by ' || line.reviewer_code || ': ' || line.reason || ' (record: ' || found.value || ')'
            ELSE found.value
        END                                       AS value,
        found.found_on,
        found.date_precision
    FROM study.npc_lung_pd1_answer AS found
    LEFT JOIN study.review_answer AS line
        ON line.person_id = found.person_id AND line.criterion = found.criterion
)

SELECT
    answered.person_id,
    criterion.criterion_no,
    answered.criterion,
    answered.answer,
    answered.value,
    answered.found_on,
    answered.date_precision,
    (criterion.kind <> 'exclusion' AND answered.answer = 'not met')
    OR (criterion.kind = 'exclusion' AND answered.answer = 'met') AS is_failed
FROM settled AS answered
INNER JOIN study.criterion AS criterion ON criterion.criterion = answered.criterion
WHERE
    criterion.kind = 'population'
    OR NOT EXISTS (
        SELECT 1
        FROM settled AS failed
        WHERE
            failed.person_id = answered.person_id
            AND failed.criterion IN ('p1', 'p2')
            AND failed.answer = 'not met'
    )
ORDER BY answered.person_id, criterion.criterion_no
