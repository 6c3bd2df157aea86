-- One row per text that the hospital signed.
SELECT
    event_id(written.row_id, written.source_no, 500) AS note_id,
    written.person_id,
    CAST(written.noted_at AS DATE)                AS note_date,
    written.noted_at                              AS note_datetime,
    coalesce(kind.concept_id, written.type_concept_id) AS note_type_concept_id,
    0                                             AS note_class_concept_id,
    written.title_text                            AS note_title,
    written.note_text,
    0                                             AS encoding_concept_id,
    coalesce(language.concept_id, 0)              AS language_concept_id,
    written.visit_id                              AS visit_occurrence_id,
    written.class_text                            AS note_source_value
FROM note.text AS written
LEFT JOIN vocabulary.code_map AS kind
    -- A report's type follows from its table, whatever its material is called.
    ON written.source_no = 13 AND kind.source_vocabulary_id = 'npc_note'
    AND kind.source_code = normal_code(written.class_text)
    AND kind.target_no = 0 AND kind.concept_id <> 0
LEFT JOIN vocabulary.concept AS language ON language.concept_code = 'language_zh'
