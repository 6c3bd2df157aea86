-- One row per distinct ICD-9-CM-3 code: the longest prefix of it that the map knows.
WITH written AS (
    SELECT DISTINCT operation.item.code AS code_text
    FROM stage.front_page AS page
    CROSS JOIN unnest(page.operation) AS operation(item)
    WHERE operation.item.code IS NOT NULL
    UNION
    SELECT DISTINCT code_text
    FROM stage.operation
    WHERE code_text IS NOT NULL
),

mapped AS (
    SELECT DISTINCT source_code
    FROM vocabulary.code_map
    WHERE source_vocabulary_id = 'npc_icd9cm3'
)

SELECT
    written.code_text,
    coalesce(
        arg_max(mapped.source_code, length(mapped.source_code)),
        normal_code(written.code_text)
    ) AS map_code
FROM written
LEFT JOIN mapped ON starts_with(normal_code(written.code_text), mapped.source_code)
GROUP BY written.code_text
