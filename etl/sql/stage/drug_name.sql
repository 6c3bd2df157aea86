-- One row per distinct name of a drug order: the longest known name that it holds (trap 16).
-- "单抗" and the like are no names: only what the map lists is found. A drug beats its solvent, and a
-- Latin abbreviation counts only as a whole word (GEM, S-1, MP).
WITH distinct_name AS (
    SELECT
        name_text,
        normal_code(name_text) AS normal_name
    FROM (SELECT DISTINCT name_text FROM stage.medical_order WHERE is_drug AND name_text IS NOT NULL) AS written
),

known AS (
    SELECT
        source_code,
        max(concept_id) <> 0                             AS is_mapped,
        CASE
            WHEN regexp_full_match(source_code, '[A-Z0-9-]+')
                THEN '(^|[^A-Z0-9])' || regexp_escape(source_code)
                    || '($|[^A-Z0-9]|[0-9.]+(MG|G|ML|支|瓶))'
        END                                              AS whole_word
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
    INNER JOIN known
        -- The pattern is tried only where the letters are there: it is what costs time.
        ON CASE
            WHEN NOT contains(distinct_name.normal_name, known.source_code) THEN FALSE
            WHEN known.whole_word IS NULL THEN TRUE
            ELSE regexp_matches(distinct_name.normal_name, known.whole_word)
        END
    GROUP BY distinct_name.name_text
)

SELECT
    distinct_name.name_text,
    coalesce(found.source_code, distinct_name.normal_name) AS map_code
FROM distinct_name
LEFT JOIN found ON found.name_text = distinct_name.name_text
