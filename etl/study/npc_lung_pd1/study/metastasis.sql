-- One row per metastasis that the CDM says an NPC patient has: where, since when, and who says so.
-- A measurement with another value than "present" (a suspicion, an exclusion) is no metastasis, nor is
-- one that modifies another cancer than the nasopharynx's.
WITH found AS MATERIALIZED (
    SELECT
        person_id,
        measurement_id,
        measurement_date,
        measurement_concept_id,
        measurement_type_concept_id,
        value_as_concept_id,
        value_source_value,
        measurement_event_id,
        meas_event_field_concept_id
    FROM cdm.measurement
    WHERE
        measurement_concept_id IN (
            SELECT concept_id
            FROM vocabulary.codelist
            WHERE codelist IN ('thoracic_metastasis', 'distant_metastasis')
        )
)

SELECT
    found.person_id,
    found.measurement_id,
    found.measurement_date                AS found_on,
    found.measurement_concept_id          AS concept_id,
    CASE found.measurement_type_concept_id
        WHEN 32841 THEN 'imaging'         -- EHR radiology report
        WHEN 32835 THEN 'pathology'       -- EHR Pathology report
        WHEN 32858 THEN 'note'            -- NLP
        ELSE 'code'
    END                                   AS evidence_level,
    found.value_source_value              AS lesion_kind,
    thoracic.concept_id IS NOT NULL       AS is_thoracic,
    distant.concept_id IS NOT NULL        AS is_distant,
    liver.concept_id IS NOT NULL          AS is_liver,
    cns.concept_id IS NOT NULL            AS is_cns
FROM found
INNER JOIN study.npc_patient AS patient ON patient.person_id = found.person_id
LEFT JOIN vocabulary.codelist AS thoracic
    ON thoracic.concept_id = found.measurement_concept_id
    AND thoracic.codelist = 'thoracic_metastasis'
LEFT JOIN vocabulary.codelist AS distant
    ON distant.concept_id = found.measurement_concept_id
    AND distant.codelist = 'distant_metastasis'
LEFT JOIN vocabulary.codelist AS liver
    ON liver.concept_id = found.measurement_concept_id
    AND liver.codelist = 'liver_metastasis'
LEFT JOIN vocabulary.codelist AS cns
    ON cns.concept_id = found.measurement_concept_id
    AND cns.codelist = 'cns_metastasis'
LEFT JOIN vocabulary.concept AS present
    ON present.concept_id = found.value_as_concept_id
    AND present.domain_id = 'Meas Value'
    AND present.concept_name = 'Present'
LEFT JOIN cdm.condition_occurrence AS cancer
    ON cancer.condition_occurrence_id = found.measurement_event_id
    AND found.meas_event_field_concept_id = 1147127  -- condition_occurrence.condition_occurrence_id
LEFT JOIN study.nasopharyngeal_cancer AS nasopharynx
    ON nasopharynx.condition_occurrence_id = cancer.condition_occurrence_id
WHERE
    (found.value_as_concept_id IS NULL OR present.concept_id IS NOT NULL)
    AND (cancer.condition_occurrence_id IS NULL OR nasopharynx.condition_occurrence_id IS NOT NULL)
