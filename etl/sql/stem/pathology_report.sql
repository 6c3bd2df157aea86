-- Two rows per pathology report: the specimen, and the procedure that took it.
SELECT
    12                                        AS source_no,
    row_id,
    0                                         AS position,
    person_id,
    visit_id,
    reported_at                               AS start_at,
    'Specimen'                                AS domain_id,
    'npc_specimen'                            AS vocabulary,
    normal_code(specimen_type_text)           AS code,
    concat_ws(' ', specimen_type_text, site_text) AS source_value,
    32835                                     AS type_concept_id  -- EHR Pathology report
FROM stage.pathology_report
WHERE reject_reason IS NULL
