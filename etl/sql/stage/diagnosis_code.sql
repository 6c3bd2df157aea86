-- One row per distinct diagnosis code, code list and name: the code under which the map knows it.
-- Prefixes serve (C78.000X011 is found as C78.0), of curated and vocabulary codes alike. The four
-- characters of the WHO mean the same in every code list, the digits behind them do not (trap 3): so
-- a curated four-character line speaks for its extensions too, and a vocabulary's six-digit code
-- counts only under its own name. A longer code whose own name rule is broken gives way to the four
-- characters. Where the name contradicts what is then found, the mapping is quarantined: the event
-- keeps its source value under concept 0.
WITH written AS (
    SELECT DISTINCT
        code,
        version_text,
        name_text
    FROM stage.coded_diagnosis
),

known AS (
    SELECT
        source_code,
        min(source_name)             AS source_name,
        max(coalesce(precedence, 2)) AS precedence
    FROM vocabulary.code_map
    WHERE source_vocabulary_id = 'npc_icd10'
    GROUP BY source_code
),

prefix AS (
    SELECT
        written.code,
        written.version_text,
        written.name_text,
        left(written.code, size.characters) AS prefix_code
    FROM written
    INNER JOIN (
        SELECT DISTINCT length(source_code) AS characters FROM known
    ) AS size ON size.characters <= length(written.code)
),

resolved AS (
    SELECT
        prefix.code,
        prefix.version_text,
        prefix.name_text,
        arg_max(
            known.source_code,
            (
                least(length(known.source_code), 5),
                known.precedence,
                -- A curated line is a person's; the vocabulary's own extension must be named alike.
                known.precedence <> 1
                OR length(known.source_code) <= 5
                OR coalesce(prefix.name_text = known.source_name, TRUE),
                length(known.source_code)
            )
        ) AS map_code
    FROM prefix
    INNER JOIN known ON known.source_code = prefix.prefix_code
    LEFT JOIN vocabulary.icd10_name_check AS own
        ON own.code_prefix = known.source_code AND length(known.source_code) > 5
    WHERE
        own.code_prefix IS NULL
        OR prefix.name_text IS NULL
        OR (
            regexp_matches(prefix.name_text, coalesce(own.required_word_regex, ''))
            AND NOT regexp_matches(prefix.name_text, coalesce(own.forbidden_word_regex, '^$'))
        )
    GROUP BY prefix.code, prefix.version_text, prefix.name_text
),

checked AS (
    SELECT
        written.code,
        written.version_text,
        written.name_text,
        resolved.map_code,
        -- The rule of the longest prefix, as for the codes.
        arg_max(
            written.name_text IS NOT NULL
            AND (
                NOT regexp_matches(written.name_text, coalesce(name_check.required_word_regex, ''))
                OR regexp_matches(written.name_text, coalesce(name_check.forbidden_word_regex, '^$'))
            ),
            length(name_check.code_prefix)
        ) AS is_contradicted
    FROM written
    LEFT JOIN resolved
        ON resolved.code = written.code
        AND resolved.version_text IS NOT DISTINCT FROM written.version_text
        AND resolved.name_text IS NOT DISTINCT FROM written.name_text
    LEFT JOIN vocabulary.icd10_name_check AS name_check
        ON starts_with(resolved.map_code, name_check.code_prefix)
    GROUP BY written.code, written.version_text, written.name_text, resolved.map_code
)

SELECT
    code,
    version_text,
    name_text,
    CASE WHEN NOT coalesce(is_contradicted, FALSE) THEN coalesce(map_code, code) END AS map_code,
    coalesce(is_contradicted, FALSE)                                                  AS is_quarantined
FROM checked
