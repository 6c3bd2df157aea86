-- One row per nursing measurement; a weight in 斤 becomes kg. A refusal stays as text.
SELECT
    16                                        AS source_no,
    vital.row_id,
    0                                         AS position,
    vital.person_id,
    vital.visit_id,
    vital.measured_at                         AS start_at,
    'Measurement'                             AS domain_id,
    'npc_vital'                               AS vocabulary,
    normal_code(vital.item_code)              AS code,
    vital.item_code                           AS source_value,
    32836                                     AS type_concept_id,  -- EHR physical examination
    CASE
        WHEN vital.unit_text IN ('斤', '市斤') THEN value.value_number / 2
        ELSE value.value_number
    END                                       AS value_number,
    value.operator_text,
    CASE
        WHEN vital.item_code = 'ECOG'
            THEN 'ECOG:' || coalesce(CAST(CAST(value.value_number AS INTEGER) AS TEXT), value.value_code)
        ELSE value.value_code
    END                                       AS value_code,
    vital.result_text                         AS value_source,
    CASE WHEN vital.unit_text IN ('斤', '市斤') THEN 'kg' ELSE vital.unit_text END AS unit_text
FROM stage.vital_sign AS vital
LEFT JOIN stage.result_text AS value ON value.result_text = vital.result_text
WHERE vital.reject_reason IS NULL
