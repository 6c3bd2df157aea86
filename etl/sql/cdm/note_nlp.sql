-- One row per fact that a note or report states, the denied and the only possible ones too.
SELECT
    event_id(fact.row_id, fact.source_no, fact.fact_no) AS note_nlp_id,
    event_id(fact.row_id, fact.source_no, 500) AS note_id,
    0                                        AS section_concept_id,
    fact.fact_text                           AS snippet,
    CAST(fact.span_start AS VARCHAR)         AS "offset",
    left(fact.fact_text, 250)                AS lexical_variant,
    coalesce(target.concept_id, 0)           AS note_nlp_concept_id,
    0                                        AS note_nlp_source_concept_id,
    'npc-omop ' || fact.rule                 AS nlp_system,
    CAST(fact.noted_at AS DATE)              AS nlp_date,
    fact.noted_at                            AS nlp_datetime,
    CASE fact.certainty WHEN 'negated' THEN 'N' ELSE 'Y' END AS term_exists,
    CASE
        WHEN fact.detail ->> '$.date' IS NULL THEN 'present'
        ELSE 'dated ' || (fact.detail ->> '$.date')
    END                                      AS term_temporal,
    concat_ws(' ', fact.type || '=' || fact.value, 'certainty=' || fact.certainty, fact.detail) AS term_modifiers
FROM note.fact AS fact
LEFT JOIN note.coded_fact AS coded
    ON coded.source_no = fact.source_no AND coded.row_id = fact.row_id AND coded.fact_no = fact.fact_no
LEFT JOIN vocabulary.code_map AS target
    ON target.source_vocabulary_id = coded.vocabulary AND target.source_code = coded.code
    AND target.target_no = 0
