-- One row per signed note, imaging report, pathology report and follow-up, scrubbed at landing: the text
-- as it is stored, and the kind that says which rules read it.
SELECT
    13                                        AS source_no,
    'note'                                    AS kind,
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
    'imaging'                                 AS kind,
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
    'pathology'                               AS kind,
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

UNION ALL

SELECT
    18                                        AS source_no,
    'note'                                    AS kind,
    row_id,
    person_id,
    NULL                                      AS visit_id,
    contacted_at                              AS noted_at,
    32831                                     AS type_concept_id,  -- EHR note
    '随访'                                    AS class_text,
    '随访'                                    AS title_text,
    concat_ws(chr(10), progression_text, remark_text) AS note_text
FROM stage.follow_up
WHERE reject_reason IS NULL AND coalesce(progression_text, remark_text) IS NOT NULL
