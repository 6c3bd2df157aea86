-- One row per current operation record of the theatre.
SELECT
    operation.row_id,
    link.person_id,
    link.visit_id,
    operation.SSBM                                      AS code_text,
    operation.SSMC                                      AS name_text,
    operation.SSZT                                      AS status_code,
    coalesce(source_timestamp(operation.SSKSSJ), link.start_at) AS start_at,
    source_timestamp(operation.SSJSSJ)                  AS end_at,
    CASE
        WHEN link.visit_key IS NULL THEN 'no such visit'
        ELSE link.reject_reason
    END                                                 AS reject_reason
FROM raw.SS_MZ AS operation
LEFT JOIN stage.visit_link AS link ON link.visit_key = operation.JZLSH
WHERE operation.fate = 'current'
