-- One row per visit number ever seen, withheld ones included: whose visit it is, or why it is not
-- there. What hangs on a withheld visit is withheld with it.
SELECT
    visit_key,
    visit_id,
    person_id,
    start_at,
    end_at,
    CASE WHEN reject_reason IS NOT NULL THEN 'visit rejected: ' || reject_reason END AS reject_reason
FROM stage.visit

UNION ALL

SELECT
    JZLSH              AS visit_key,
    NULL               AS visit_id,
    NULL               AS person_id,
    NULL               AS start_at,
    NULL               AS end_at,
    CASE fate
        WHEN 'void' THEN 'visit cancelled'
        ELSE 'visit rejected: ' || coalesce(reject_reason, fate)
    END                AS reject_reason
FROM raw.JZ_JZJL
WHERE fate IN ('void', 'rejected') AND JZLSH IS NOT NULL
