-- One row per person and criterion that a review line decides: the latest line.
SELECT
    person_id,
    criterion,
    decision,
    reason,
    reviewer_code,
    decided_on
FROM (
    SELECT
        person_id,
        criterion,
        replace(decision, '_', ' ')               AS decision,
        reason,
        reviewer_code,
        decided_on,
        row_number() OVER (
            PARTITION BY person_id, criterion ORDER BY decided_on DESC, reviewer_code ASC, decision ASC
        )                                         AS place
    FROM study.review_decision
) AS ranked
WHERE place = 1 AND decision IN ('met', 'not met')
