-- One row per current imaging report: final (3) and amended (4) ones; a preliminary report is none.
SELECT
    report.row_id,
    link.person_id,
    link.visit_id,
    report.JCLB                                         AS modality_text,
    report.JCBW                                         AS region_text,
    coalesce(report.JCXMMC, report.JCBW)                AS exam_text,
    coalesce(source_timestamp(report.JCSJ), source_timestamp(report.BGSJ)) AS examined_at,
    report.YXSJ                                         AS finding_text,
    report.YXZD                                         AS impression_text,
    CASE
        WHEN link.visit_key IS NULL THEN 'no such visit'
        WHEN link.reject_reason IS NOT NULL THEN link.reject_reason
        WHEN report.BGZT = '1' THEN 'not a final report'
        WHEN coalesce(source_timestamp(report.JCSJ), source_timestamp(report.BGSJ)) IS NULL
            THEN 'no examination time'
    END                                                 AS reject_reason
FROM raw.RIS_BG AS report
LEFT JOIN stage.visit_link AS link ON link.visit_key = report.JZLSH
WHERE report.fate = 'current'
