-- One row per distinct name of a drug order: the longest known name that it holds (trap 16).
-- "单抗" and the like are no names: only what the map lists is found.
WITH distinct_name AS (
    SELECT DISTINCT name_text
    FROM stage.medical_order
    WHERE is_drug AND name_text IS NOT NULL
),

known AS (
    SELECT DISTINCT source_code
    FROM vocabulary.code_map
    WHERE source_vocabulary_id = 'npc_drug'
)

SELECT
    distinct_name.name_text,
    coalesce(
        arg_max(
            known.source_code,
            length(known.source_code) * 1000
            - strpos(normal_code(distinct_name.name_text), known.source_code)
        ),
        normal_code(distinct_name.name_text)
    ) AS map_code
FROM distinct_name
LEFT JOIN known ON contains(normal_code(distinct_name.name_text), known.source_code)
GROUP BY distinct_name.name_text
