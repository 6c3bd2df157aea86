-- One row per current pathology report; a supplement supersedes the diagnosis it supplements.
SELECT
    report.row_id,
    link.person_id,
    link.visit_id,
    report.BBLX                                         AS specimen_type_text,
    report.SJBW                                         AS site_text,
    report.DTSJ                                         AS gross_text,
    report.JXSJ                                         AS microscopy_text,
    report.BLZD                                         AS diagnosis_text,
    report.MYZH                                         AS immunohistochemistry_text,
    report.BCBG                                         AS supplement_text,
    report.XTXBM                                        AS morphology_code,
    coalesce(source_timestamp(report.BGSJ), link.start_at) AS reported_at,
    CASE
        WHEN link.visit_key IS NULL THEN 'no such visit'
        ELSE link.reject_reason
    END                                                 AS reject_reason
FROM raw.PIS_BG AS report
LEFT JOIN stage.visit_link AS link ON link.visit_key = report.JZLSH
WHERE report.fate = 'current'
