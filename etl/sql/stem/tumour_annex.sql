-- One row per TNM part, stage and response of a tumour annex, each under its edition's name.
WITH part AS (
    SELECT
        annex.*,
        unnest([
            {'position': 0, 'kind': 'T', 'text': annex.t_text},
            {'position': 1, 'kind': 'N', 'text': annex.n_text},
            {'position': 2, 'kind': 'M', 'text': annex.m_text},
            {'position': 3, 'kind': 'STAGE', 'text': annex.stage_text},
            {'position': 4, 'kind': 'RECIST', 'text': annex.response_text}
        ]) AS item
    FROM stage.tumour_annex AS annex
    WHERE annex.reject_reason IS NULL
)

SELECT
    5                                                            AS source_no,
    row_id,
    item.position                                                AS position,
    person_id,
    visit_id,
    assessed_at                                                  AS start_at,
    'Measurement'                                                AS domain_id,
    'npc_stage'                                                  AS vocabulary,
    CASE
        WHEN item.kind = 'RECIST' THEN 'RECIST:'
        WHEN regexp_matches(upper(edition_text), '(AJCC|UICC|第).*[8八]') THEN 'AJCC8:'
        ELSE ''
    -- c, p and y say how it was staged, and stay in the source value.
    END || regexp_replace(normal_code(item.text), '^[CPY]+([TNM])', '\1') AS code,
    concat_ws(' ', edition_text, item.text)                      AS source_value,
    32817                                                        AS type_concept_id  -- EHR
FROM part
WHERE item.text IS NOT NULL
