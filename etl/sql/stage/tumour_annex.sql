-- One row per current tumour annex of a front page: stage, response, the metastasis irradiated.
SELECT
    annex.row_id,
    link.person_id,
    link.visit_id,
    link.end_at                                     AS assessed_at,
    annex.ZLFQLX                                    AS edition_text,
    annex.FQT                                       AS t_text,
    annex.FQN                                       AS n_text,
    annex.FQM                                       AS m_text,
    annex.FQ                                        AS stage_text,
    annex.LX                                        AS response_text,
    annex.ZYZMC                                     AS metastasis_text,
    coalesce(source_timestamp(annex.ZYZKSSJ), link.end_at) AS metastasis_at,
    CASE
        WHEN link.visit_key IS NULL THEN 'no such visit'
        ELSE link.reject_reason
    END                                             AS reject_reason
FROM raw.BA_ZLFY AS annex
LEFT JOIN stage.visit_link AS link ON link.visit_key = annex.JZLSH
WHERE annex.fate = 'current'
