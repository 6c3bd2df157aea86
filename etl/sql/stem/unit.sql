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
    UNION
    SELECT DISTINCT
        vocabulary,
        code,
        unit_text
    FROM stem.imaging_finding
    UNION
    SELECT DISTINCT
        vocabulary,
        code,
        unit_text
    FROM stem.pathology_finding
    UNION
    SELECT DISTINCT
        vocabulary,
        code,
        unit_text
    FROM stem.note_finding
),

known AS (
    SELECT
        source_code,
        concept_id
    FROM vocabulary.code_map
    WHERE source_vocabulary_id = 'npc_unit' AND target_no = 0
),

item AS (
    SELECT
        source_vocabulary_id AS vocabulary,
        source_code          AS code,
        concept_id
    FROM vocabulary.code_map
    WHERE source_vocabulary_id IN ('npc_lab', 'npc_vital') AND target_no = 0 AND concept_id <> 0
),

-- What the map says of WBC:G/L holds for every code and name of the same item.
item_unit AS (
    SELECT
        item.vocabulary,
        item.concept_id                       AS item_concept_id,
        split_part(known.source_code, ':', 2) AS unit_code,
        min(known.concept_id)                 AS concept_id
    FROM known
    INNER JOIN item ON item.code = split_part(known.source_code, ':', 1)
    WHERE contains(known.source_code, ':')
    GROUP BY item.vocabulary, item.concept_id, split_part(known.source_code, ':', 2)
)

SELECT
    written.vocabulary,
    written.code,
    written.unit_text,
    coalesce(of_item.concept_id, alone.concept_id) AS concept_id
FROM written
LEFT JOIN item ON item.vocabulary = written.vocabulary AND item.code = written.code
LEFT JOIN item_unit AS of_item
    ON of_item.vocabulary = written.vocabulary
    AND of_item.item_concept_id = item.concept_id
    AND of_item.unit_code = normal_code(written.unit_text)
LEFT JOIN known AS alone ON alone.source_code = normal_code(written.unit_text)
WHERE written.unit_text IS NOT NULL
