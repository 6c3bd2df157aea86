-- One row per item and unit text in use: the unit's concept. G/L and g/L are spelled alike once
-- normalised, so the item decides first (WBC:G/L), then the unit alone (trap 19).
WITH written AS (
    SELECT DISTINCT
        'npc_lab'  AS vocabulary,
        map_code   AS code,
        unit_text
    FROM stage.lab_item
    UNION
    SELECT DISTINCT
        vocabulary,
        code,
        unit_text
    FROM stem.vital_sign
    UNION
    SELECT DISTINCT
        vocabulary,
        code,
        unit_text
    FROM stem.rt_plan
),

known AS (
    SELECT
        source_code,
        concept_id
    FROM vocabulary.code_map
    WHERE source_vocabulary_id = 'npc_unit' AND target_no = 0
)

SELECT
    written.vocabulary,
    written.code,
    written.unit_text,
    coalesce(of_item.concept_id, alone.concept_id) AS concept_id
FROM written
LEFT JOIN known AS of_item
    ON of_item.source_code = written.code || ':' || normal_code(written.unit_text)
LEFT JOIN known AS alone ON alone.source_code = normal_code(written.unit_text)
WHERE written.unit_text IS NOT NULL
