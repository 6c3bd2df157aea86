-- One row per metastasis that the CDM says an NPC patient has: where, since when, and who says so.
-- A measurement with another value than "present" (a suspicion, an exclusion) is no metastasis.
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
    thoracic.concept_id IS NOT NULL       AS is_thoracic,
    distant.concept_id IS NOT NULL        AS is_distant,
    liver.concept_id IS NOT NULL          AS is_liver
FROM cdm.measurement AS found
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
LEFT JOIN vocabulary.concept AS present
    ON present.concept_id = found.value_as_concept_id
    AND present.domain_id = 'Meas Value'
    AND present.concept_name = 'Present'
WHERE
    (thoracic.concept_id IS NOT NULL OR distant.concept_id IS NOT NULL)
    AND (found.value_as_concept_id IS NULL OR present.concept_id IS NOT NULL)
