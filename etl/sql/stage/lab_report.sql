-- One row per current laboratory report. Of one sample and panel reported twice the last final
-- report counts (trap 20). Outpatients may come with a card number only.
WITH typed AS (
    SELECT
        report.row_id,
        report.BGDH                                             AS report_key,
        link.visit_id,
        coalesce(link.person_id, hzid.person_id)                AS person_id,
        CASE
            WHEN report.JZLSH IS NOT NULL AND link.visit_key IS NULL AND hzid.person_id IS NULL
                THEN 'no such visit'
            WHEN link.reject_reason IS NOT NULL THEN link.reject_reason
            WHEN coalesce(link.person_id, hzid.person_id) IS NULL
                THEN coalesce(hzid.reject_reason, 'no such patient')
        END                                                     AS link_reject_reason,
        report.BBMC                                             AS specimen_text,
        report.JYXMMC                                           AS panel_text,
        coalesce(source_timestamp(report.CJSJ), source_timestamp(report.BGSJ))
                                                                AS sampled_at,
        source_timestamp(report.BGSJ)                           AS reported_at,
        report.SHZT                                             AS status_code
    FROM raw.LIS_BG AS report
    LEFT JOIN stage.visit_link AS link ON link.visit_key = report.JZLSH
    LEFT JOIN stage.identity AS hzid
        ON hzid.id_hmac = report.HZID AND hzid.id_kind = 'hzid'
    WHERE report.fate = 'current'
)

SELECT
    typed.row_id,
    typed.report_key,
    typed.visit_id,
    typed.person_id,
    typed.specimen_text,
    typed.panel_text,
    typed.sampled_at,
    CASE
        WHEN typed.link_reject_reason IS NOT NULL THEN typed.link_reject_reason
        WHEN person.reject_reason IS NOT NULL THEN 'patient rejected: ' || person.reject_reason
        WHEN typed.sampled_at IS NULL THEN 'no sampling time'
        WHEN typed.status_code = '1' THEN 'not a final report'
        WHEN row_number() OVER (
            PARTITION BY
                typed.person_id, typed.sampled_at, typed.panel_text, typed.specimen_text,
                typed.link_reject_reason IS NULL AND coalesce(typed.status_code, '2') <> '1'
            ORDER BY typed.reported_at DESC NULLS LAST, typed.row_id DESC
        ) > 1 THEN 'reported again later'
    END AS reject_reason
FROM typed
LEFT JOIN stage.person AS person ON person.person_id = typed.person_id
