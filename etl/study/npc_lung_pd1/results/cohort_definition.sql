-- One row: what the cohort is, in OHDSI's shape.
SELECT
    setting.cohort_definition_id,
    setting.cohort_name                           AS cohort_definition_name,
    'Adults with thoracic metastasis of a nasopharyngeal carcinoma after primary treatment, from'
    || ' the first PD-1 inhibitor given with chemotherapy;'
    || ' criterion by criterion in study.npc_lung_pd1_evidence'
                                                  AS cohort_definition_description,
    0                                             AS definition_type_concept_id,
    CAST(NULL AS VARCHAR)                         AS cohort_definition_syntax,
    1147026                                       AS subject_concept_id,  -- person.person_id
    CAST(NULL AS DATE)                            AS cohort_initiation_date
FROM study.setting AS setting
