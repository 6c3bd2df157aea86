-- One row per nursing measurement; a weight in 斤 becomes kg, a height in m becomes cm. A refusal stays as
-- text, and so does a negative number where there is none (codelist may_be_negative). A whole ECOG
-- grade is a number and an answer.
WITH item AS (
    SELECT
        written.item_code,
        written.map_code,
        count(sign.concept_id) > 0            AS may_be_negative
    FROM (
        SELECT
            item_code,
            normal_code(item_code)            AS map_code
        FROM (SELECT DISTINCT item_code FROM stage.vital_sign WHERE item_code IS NOT NULL) AS named
    ) AS written
    LEFT JOIN vocabulary.code_map AS line
        ON line.source_vocabulary_id = 'npc_vital' AND line.source_code = written.map_code
    LEFT JOIN vocabulary.codelist AS sign
        ON sign.codelist = 'may_be_negative' AND sign.concept_id = line.concept_id
    GROUP BY written.item_code, written.map_code
)

SELECT
    16                                        AS source_no,
    vital.row_id,
    0                                         AS position,
    vital.person_id,
    vital.visit_id,
    vital.measured_at                         AS start_at,
    'Measurement'                             AS domain_id,
    'npc_vital'                               AS vocabulary,
    item.map_code                             AS code,
    vital.item_code                           AS source_value,
    32836                                     AS type_concept_id,  -- EHR physical examination
    CASE
        WHEN value.value_number < 0 AND NOT coalesce(item.may_be_negative, FALSE) THEN NULL
        WHEN vital.unit_text IN ('斤', '市斤') THEN value.value_number / 2
        WHEN vital.unit_text IN ('m', 'M', '米') THEN value.value_number * 100
        ELSE value.value_number
    END                                       AS value_number,
    CASE
        WHEN value.value_number < 0 AND NOT coalesce(item.may_be_negative, FALSE) THEN NULL
        ELSE value.operator_text
    END                                       AS operator_text,
    CASE
        WHEN vital.item_code LIKE 'ECOG%' OR vital.item_code LIKE 'PS%'
            THEN CASE
                WHEN value.value_number IS NULL THEN value.value_code
                WHEN
                    value.value_number BETWEEN 0 AND 5
                    AND value.value_number = floor(value.value_number) AND value.operator_text IS NULL
                    THEN 'ECOG:' || CAST(CAST(value.value_number AS INTEGER) AS TEXT)
            END
        ELSE value.value_code
    END                                       AS value_code,
    vital.result_text                         AS value_source,
    CASE
        WHEN vital.unit_text IN ('斤', '市斤') THEN 'kg'
        WHEN vital.unit_text IN ('m', 'M', '米') THEN 'cm'
        ELSE vital.unit_text
    END                                       AS unit_text
FROM stage.vital_sign AS vital
LEFT JOIN stage.result_text AS value ON value.result_text = vital.result_text
LEFT JOIN item ON item.item_code = vital.item_code
WHERE vital.reject_reason IS NULL
