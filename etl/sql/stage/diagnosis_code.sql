-- One row per distinct diagnosis code, code list and name: the code under which the map knows it.
-- The longest mapped prefix serves (C78.000X011 is found as C78.0). One code means different things
-- in different lists (trap 3): where the name contradicts what the mapped code stands for, the
-- mapping is quarantined, so that the event keeps its source value under concept 0.
WITH written AS (
    SELECT DISTINCT
        code,
        version_text,
        name_text
    FROM stage.coded_diagnosis
),

mapped AS (
    SELECT DISTINCT source_code
    FROM vocabulary.code_map
    WHERE source_vocabulary_id = 'npc_icd10'
),

distinct_code AS (
    SELECT DISTINCT code FROM written WHERE code IS NOT NULL
),

longest AS (
    SELECT
        distinct_code.code,
        arg_max(mapped.source_code, length(mapped.source_code)) AS map_code
    FROM distinct_code
    INNER JOIN mapped ON starts_with(distinct_code.code, mapped.source_code)
    GROUP BY distinct_code.code
),

checked AS (
    SELECT
        written.code,
        written.version_text,
        written.name_text,
        longest.map_code,
        bool_or(
            written.name_text IS NOT NULL
            AND (
                NOT regexp_matches(written.name_text, coalesce(name_check.required_word_regex, ''))
                OR regexp_matches(written.name_text, coalesce(name_check.forbidden_word_regex, '^$'))
            )
        ) FILTER (name_check.code_prefix IS NOT NULL) AS is_contradicted
    FROM written
    LEFT JOIN longest ON longest.code = written.code
    LEFT JOIN vocabulary.icd10_name_check AS name_check
        ON starts_with(longest.map_code, name_check.code_prefix)
    GROUP BY ALL
)

SELECT
    code,
    version_text,
    name_text,
    CASE WHEN NOT coalesce(is_contradicted, FALSE) THEN coalesce(map_code, code) END AS map_code,
    coalesce(is_contradicted, FALSE)                                                  AS is_quarantined
FROM checked
