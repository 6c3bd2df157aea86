-- One row per NPC patient: is there a thoracic metastasis that counts? Only possible ones: unknown.
SELECT
    patient.person_id,
    'p1'                                          AS criterion,
    CASE
        WHEN metastasis.person_id IS NOT NULL THEN 'met'
        WHEN possible.person_id IS NOT NULL THEN 'unknown'
        ELSE 'not met'
    END                                           AS answer,
    CASE
        WHEN metastasis.person_id IS NOT NULL
            THEN concept.concept_name || ', by ' || metastasis.evidence_level
        WHEN possible.person_id IS NOT NULL THEN concept.concept_name || ', only possible'
        WHEN lung.person_id IS NOT NULL THEN 'proven lung cancer, no metastasis at least probable'
        WHEN code.person_id IS NOT NULL THEN 'by code only, nothing in support'
        ELSE 'no thoracic metastasis'
    END                                           AS value,
    coalesce(metastasis.found_on, possible.found_on) AS found_on,
    'day'                                         AS date_precision
FROM study.npc_patient AS patient
LEFT JOIN study.thoracic_metastasis AS metastasis ON metastasis.person_id = patient.person_id
LEFT JOIN study.possible_thoracic_metastasis AS possible ON possible.person_id = patient.person_id
LEFT JOIN study.lung_primary AS lung ON lung.person_id = patient.person_id
LEFT JOIN (
    SELECT DISTINCT person_id FROM study.metastasis WHERE is_thoracic AND evidence_level = 'code'
) AS code ON code.person_id = patient.person_id
LEFT JOIN vocabulary.concept AS concept
    ON concept.concept_id = coalesce(metastasis.concept_id, possible.concept_id)
