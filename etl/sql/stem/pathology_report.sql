-- One row per pathology report, its specimen, and another where its morphology code says metastasis
-- (behaviour 6): where the specimen was taken the visit's primary cancer has spread, by pathology.
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
    32835                                     AS type_concept_id,  -- EHR Pathology report
    NULL                                      AS value_code,
    NULL                                      AS linked_id,
    NULL                                      AS linked_field_concept_id
FROM stage.pathology_report
WHERE reject_reason IS NULL

UNION ALL

SELECT
    12                                        AS source_no,
    report.row_id,
    1                                         AS position,
    report.person_id,
    report.visit_id,
    report.reported_at                        AS start_at,
    'Measurement'                             AS domain_id,
    'npc_metastasis_site'                     AS vocabulary,
    coalesce(site.metastasis_code, '转移')    AS code,
    concat_ws(' ', report.morphology_code, report.site_text) AS source_value,
    32835                                     AS type_concept_id,  -- EHR Pathology report
    'PRESENT'                                 AS value_code,
    cancer.condition_id                       AS linked_id,
    CASE
        WHEN cancer.condition_id IS NOT NULL
            THEN 1147127  -- concept_id of condition_occurrence.condition_occurrence_id
    END                                       AS linked_field_concept_id
-- Not stored: only stem.event reads these rows.
FROM stage.pathology_report AS report
LEFT JOIN stage.tumour_site AS site ON site.site_text = report.site_text
LEFT JOIN stem.visit_primary AS cancer ON cancer.visit_id = report.visit_id
WHERE report.reject_reason IS NULL AND regexp_matches(report.morphology_code, '^M?\d{4}\d?/6$')
