-- One row per fact that a note or report states, the denied and the only possible ones too.
SELECT
    event_id(row_id, source_no, fact_no) AS note_nlp_id,
    event_id(row_id, source_no, 500)         AS note_id,
    0                                        AS section_concept_id,
    fact_text                                AS snippet,
    CAST(span_start AS VARCHAR)              AS "offset",
    left(fact_text, 250)                     AS lexical_variant,
    0                                        AS note_nlp_concept_id,
    0                                        AS note_nlp_source_concept_id,
    'npc-omop ' || rule                      AS nlp_system,
    CAST(noted_at AS DATE)                   AS nlp_date,
    noted_at                                 AS nlp_datetime,
    CASE certainty WHEN 'negated' THEN 'N' ELSE 'Y' END AS term_exists,
    CASE WHEN detail ->> 'date' IS NULL THEN 'present' ELSE 'dated ' || (detail ->> 'date') END AS term_temporal,
    concat_ws(' ', type || '=' || value, 'certainty=' || certainty, detail) AS term_modifiers
FROM note.fact
