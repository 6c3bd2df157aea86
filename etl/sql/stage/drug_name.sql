-- One row per distinct name of a drug order: the longest known name that it holds (trap 16).
-- "单抗" and the like are no names: only what the map lists is found. A drug beats its solvent, and a
-- Latin abbreviation counts only as a whole word (GEM, S-1, MP).
WITH distinct_name AS (
    SELECT DISTINCT name_text
    FROM stage.medical_order
    WHERE is_drug AND name_text IS NOT NULL
),

known AS (
    SELECT
        source_code,
        max(concept_id) <> 0 AS is_mapped,
        CASE
            WHEN regexp_full_match(source_code, '[A-Z0-9-]+')
                THEN '(^|[^A-Z0-9])' || regexp_escape(source_code) || '($|[^A-Z0-9]|[0-9.]+(MG|G|ML|支|瓶))'
            ELSE regexp_escape(source_code)
        END                  AS pattern
    FROM vocabulary.code_map
    WHERE source_vocabulary_id = 'npc_drug'
    GROUP BY source_code
),

found AS (
    SELECT
        distinct_name.name_text,
        arg_max(
            known.source_code,
            (known.is_mapped, length(known.source_code), known.source_code)
        ) AS source_code
    FROM distinct_name
    INNER JOIN known ON regexp_matches(normal_code(distinct_name.name_text), known.pattern)
    GROUP BY distinct_name.name_text
)

SELECT
    distinct_name.name_text,
    coalesce(found.source_code, normal_code(distinct_name.name_text)) AS map_code
FROM distinct_name
LEFT JOIN found ON found.name_text = distinct_name.name_text
