-- One row per signed note, imaging report and pathology report, scrubbed at landing.
WITH written AS (
    SELECT
        13                                        AS source_no,
        row_id,
        person_id,
        visit_id,
        noted_at,
        32831                                     AS type_concept_id,  -- EHR note
        note_type_text                            AS class_text,
        title_text,
        note_text
    FROM stage.clinical_note
    WHERE reject_reason IS NULL

    UNION ALL

    SELECT
        11                                        AS source_no,
        row_id,
        person_id,
        visit_id,
        examined_at                               AS noted_at,
        32841                                     AS type_concept_id,  -- EHR radiology report
        modality_text                             AS class_text,
        exam_text                                 AS title_text,
        concat_ws(chr(10), finding_text, impression_text) AS note_text
    FROM stage.imaging_report
    WHERE reject_reason IS NULL AND coalesce(finding_text, impression_text) IS NOT NULL

    UNION ALL

    SELECT
        12                                        AS source_no,
        row_id,
        person_id,
        visit_id,
        reported_at                               AS noted_at,
        32835                                     AS type_concept_id,  -- EHR Pathology report
        specimen_type_text                        AS class_text,
        site_text                                 AS title_text,
        concat_ws(
            chr(10), gross_text, microscopy_text, diagnosis_text, immunohistochemistry_text,
            supplement_text
        )                                         AS note_text
    FROM stage.pathology_report
    WHERE
        reject_reason IS NULL
        AND coalesce(
            gross_text, microscopy_text, diagnosis_text, immunohistochemistry_text, supplement_text
        ) IS NOT NULL
)

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
FROM written
LEFT JOIN vocabulary.code_map AS kind
    -- A report's type follows from its table, whatever its material is called.
    ON written.source_no = 13 AND kind.source_vocabulary_id = 'npc_note'
    AND kind.source_code = normal_code(written.class_text)
    AND kind.target_no = 0 AND kind.concept_id <> 0
LEFT JOIN vocabulary.concept AS language ON language.concept_code = 'language_zh'
