-- One row per NPC patient: is there a thoracic metastasis that counts?
SELECT
    patient.person_id,
    'p1'                                          AS criterion,
    CASE WHEN metastasis.person_id IS NOT NULL THEN 'met' ELSE 'not met' END AS answer,
    CASE
        WHEN metastasis.person_id IS NOT NULL
            THEN concept.concept_name || ', by ' || metastasis.evidence_level
        ELSE 'no thoracic metastasis'
    END                                           AS value,
    metastasis.found_on
FROM study.npc_patient AS patient
LEFT JOIN study.thoracic_metastasis AS metastasis ON metastasis.person_id = patient.person_id
LEFT JOIN vocabulary.concept AS concept ON concept.concept_id = metastasis.concept_id
