-- One row per current laboratory result, three quarters of all rows: typed by lookup of its few
-- distinct texts (lab_item, result_text, reference_range), not row by row.
SELECT
    result.row_id,
    link.person_id,
    link.visit_id,
    link.sampled_at,
    specimen.fluid,
    result.ZBDM             AS item_code,
    result.ZBMC             AS item_name,
    result.JG               AS result_text,
    result.DW               AS unit_text,
    result.CKFW             AS range_text,
    CASE
        WHEN link.report_key IS NULL THEN 'no such report'
        ELSE link.reject_reason
    END                     AS reject_reason
-- Not stored: writing these rows once more would cost more than the joins.
FROM raw.LIS_JG AS result
LEFT JOIN stage.report_link AS link ON link.report_key = result.BGDH
LEFT JOIN stage.specimen AS specimen ON specimen.specimen_text = link.specimen_text
WHERE result.fate = 'current'
