-- One row per histology of the nasopharyngeal carcinoma told on or before the index date, by a pathology
-- report or quoted in a note: squamous, other, or one that says no histology. Front page codes are no
-- pathology; another organ's histology modifies another cancer.
SELECT
    event.person_id,
    told.measurement_id,
    told.measurement_concept_id           AS concept_id,
    told.measurement_date                 AS found_on,
    told.value_source_value               AS morphology,
    CASE told.measurement_type_concept_id WHEN 32858 THEN 'quoted' ELSE 'report' END AS evidence_level,
    CASE
        WHEN squamous.code IS NOT NULL THEN 'squamous'
        WHEN unspecific.code IS NOT NULL THEN 'unspecific'
        ELSE 'other'
    END                                   AS kind
FROM study.index_event AS event
CROSS JOIN study.setting AS setting
INNER JOIN cdm.measurement AS told
    ON told.person_id = event.person_id
    AND told.measurement_concept_id = 2000000365    -- Histology of a tumour, ICD-O-3 morphology
    AND told.meas_event_field_concept_id = 1147127  -- condition_occurrence.condition_occurrence_id
    AND told.measurement_date <= event.index_on
    -- Invasive or metastatic: neither benign nor in situ.
    AND substring(split_part(told.value_source_value, '/', 2), 1, 1) IN ('3', '6')
INNER JOIN study.nasopharyngeal_cancer AS cancer
    ON cancer.condition_occurrence_id = told.measurement_event_id
LEFT JOIN vocabulary.codelist AS squamous
    ON squamous.code = split_part(told.value_source_value, '/', 1)
    AND squamous.codelist = 'squamous_histology'
LEFT JOIN vocabulary.codelist AS unspecific
    ON unspecific.code = split_part(told.value_source_value, '/', 1)
    AND unspecific.codelist = 'unspecific_histology'
WHERE
    told.measurement_type_concept_id = 32835  -- EHR Pathology report
    OR (told.measurement_type_concept_id = 32858 AND setting.quoted_pathology_counts)  -- NLP
