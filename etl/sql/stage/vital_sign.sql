-- One row per current nursing measurement. A weight in 斤 (half kilograms) is told by its unit.
SELECT
    vital.row_id,
    link.person_id,
    link.visit_id,
    upper(vital.XMDM)                                   AS item_code,
    vital.JG                                            AS result_text,
    vital.DW                                            AS unit_text,
    source_timestamp(vital.CLSJ)                        AS measured_at,
    CASE
        WHEN link.visit_key IS NULL THEN 'no such visit'
        WHEN link.reject_reason IS NOT NULL THEN link.reject_reason
        WHEN source_timestamp(vital.CLSJ) IS NULL THEN 'no time of measurement'
    END                                                 AS reject_reason
FROM raw.HL_SMTZ AS vital
LEFT JOIN stage.visit_link AS link ON link.visit_key = vital.JZLSH
WHERE vital.fate = 'current'
