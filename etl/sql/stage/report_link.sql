-- One row per laboratory report number ever seen, withheld ones included (see visit_link).
SELECT
    report_key,
    row_id,
    visit_id,
    person_id,
    specimen_text,
    sampled_at,
    CASE WHEN reject_reason IS NOT NULL THEN 'report: ' || reject_reason END AS reject_reason
FROM stage.lab_report

UNION ALL

SELECT
    BGDH               AS report_key,
    row_id,
    NULL               AS visit_id,
    NULL               AS person_id,
    NULL               AS specimen_text,
    NULL               AS sampled_at,
    CASE fate
        WHEN 'void' THEN 'report voided'
        ELSE 'report rejected: ' || coalesce(reject_reason, fate)
    END                AS reject_reason
FROM raw.LIS_BG
WHERE fate IN ('void', 'rejected') AND BGDH IS NOT NULL
