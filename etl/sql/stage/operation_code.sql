-- One row per distinct ICD-9-CM-3 code: the longest prefix of it that the map knows. As with diagnoses
-- a curated line of two decimals (92.24) speaks for the national extensions behind them.
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

known AS (
    SELECT
        source_code,
        max(coalesce(precedence, 2)) AS precedence
    FROM vocabulary.code_map
    WHERE source_vocabulary_id = 'npc_icd9cm3'
    GROUP BY source_code
),

prefix AS (
    SELECT
        written.code_text,
        left(normal_code(written.code_text), size.characters) AS prefix_code
    FROM written
    INNER JOIN (
        SELECT DISTINCT length(source_code) AS characters FROM known
    ) AS size ON size.characters <= length(normal_code(written.code_text))
)

SELECT
    written.code_text,
    coalesce(
        arg_max(
            known.source_code,
            (least(length(known.source_code), 5), known.precedence, length(known.source_code))
        ),
        normal_code(written.code_text)
    ) AS map_code
FROM written
LEFT JOIN prefix ON prefix.code_text = written.code_text
LEFT JOIN known ON known.source_code = prefix.prefix_code
GROUP BY written.code_text
