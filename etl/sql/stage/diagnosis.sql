-- One row per current diagnosis record.
SELECT
    diagnosis.row_id,
    link.person_id,
    link.visit_id,
    diagnosis.ZDLB                                             AS category_code,
    diagnosis.ZDBM                                             AS code_text,
    diagnosis.BMBB                                             AS version_text,
    diagnosis.ZDMC                                             AS name_text,
    diagnosis.ZDYZBZ                                           AS suspected_flag,
    coalesce(source_timestamp(diagnosis.ZDSJ), link.start_at)  AS diagnosed_at,
    CASE
        WHEN link.visit_key IS NULL THEN 'no such visit'
        ELSE link.reject_reason
    END                                                        AS reject_reason
FROM raw.ZD_ZDJL AS diagnosis
LEFT JOIN stage.visit_link AS link ON link.visit_key = diagnosis.JZLSH
WHERE diagnosis.fate = 'current'
