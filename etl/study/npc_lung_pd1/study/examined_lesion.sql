-- One row per thoracic lesion, at least probable, that a PET/CT or contrast CT around the index date shows.
-- What has disappeared is none. A table of its own, so that PostgreSQL knows how few they are.
SELECT DISTINCT
    event.person_id,
    found.measurement_id,
    found.concept_id,
    found.found_on,
    found.lesion_kind
FROM study.index_event AS event
CROSS JOIN study.setting AS setting
INNER JOIN study.metastasis AS found
    ON found.person_id = event.person_id
    AND found.is_thoracic
    AND found.evidence_level = 'imaging'
    AND found.found_on BETWEEN event.index_on - setting.imaging_days_before
    AND event.index_on + setting.imaging_days_after
INNER JOIN cdm.fact_relationship AS method
    ON method.fact_id_1 = found.measurement_id
    AND method.domain_concept_id_1 = 21             -- Measurement
    AND method.domain_concept_id_2 = 10             -- Procedure
    AND method.relationship_concept_id = 44818800   -- Using finding method
INNER JOIN cdm.procedure_occurrence AS examination
    ON examination.procedure_occurrence_id = method.fact_id_2
INNER JOIN vocabulary.codelist AS modality
    ON modality.concept_id = examination.procedure_concept_id
    AND modality.codelist IN ('pet_ct', 'contrast_ct')
WHERE
    NOT EXISTS (
        SELECT 1
        FROM cdm.observation AS change
        WHERE
            change.person_id = found.person_id
            AND change.observation_event_id = found.measurement_id
            AND change.obs_event_field_concept_id = 1147138  -- measurement.measurement_id
            AND change.observation_concept_id = 2000000362   -- Change of a lesion
            AND change.value_as_string = 'gone'
    )
