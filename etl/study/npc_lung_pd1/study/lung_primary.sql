-- One row per NPC patient with a lung cancer proven by pathology: its first proof.
SELECT
    person_id,
    condition_occurrence_id,
    concept_id,
    found_on
FROM (
    SELECT
        cancer.person_id,
        cancer.condition_occurrence_id,
        cancer.condition_concept_id       AS concept_id,
        cancer.condition_start_date       AS found_on,
        row_number() OVER (
            PARTITION BY cancer.person_id
            ORDER BY cancer.condition_start_date, cancer.condition_occurrence_id
        )                                 AS place
    FROM cdm.condition_occurrence AS cancer
    INNER JOIN study.npc_patient AS patient ON patient.person_id = cancer.person_id
    INNER JOIN vocabulary.codelist AS lung
        ON lung.codelist = 'lung_primary'
        -- Morphology and topography, such as 8140/3-C34.1.
        AND cancer.condition_source_value LIKE '%-' || lung.code || '%'
    WHERE cancer.condition_type_concept_id = 32835  -- EHR Pathology report
) AS ranked
WHERE place = 1
