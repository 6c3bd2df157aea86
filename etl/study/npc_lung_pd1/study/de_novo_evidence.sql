-- One row per finding that an NPC patient was metastatic at diagnosis: near the first diagnosis a stage M1 with a
-- primary tumour (T1 to T4 of the same day; rT0 is a restaging), or, with the first distant metastasis near
-- it too, the untreated primary tumour on imaging.
WITH near_diagnosis AS (
    SELECT
        found.person_id,
        found.measurement_id,
        found.measurement_concept_id              AS concept_id,
        found.measurement_date                    AS found_on,
        found.measurement_event_id,
        found.meas_event_field_concept_id,
        metastasis.person_id IS NOT NULL          AS has_metastasis
    FROM study.npc_patient AS patient
    CROSS JOIN study.setting AS setting
    LEFT JOIN study.first_distant_metastasis AS metastasis
        ON metastasis.person_id = patient.person_id
        AND metastasis.found_on BETWEEN patient.diagnosed_on - setting.de_novo_days
        AND patient.diagnosed_on + setting.de_novo_days
    INNER JOIN cdm.measurement AS found
        ON found.person_id = patient.person_id
        AND found.measurement_date BETWEEN patient.diagnosed_on - setting.de_novo_days
        AND patient.diagnosed_on + setting.de_novo_days
),

staged AS (
    SELECT DISTINCT
        tumour.person_id,
        tumour.found_on
    FROM near_diagnosis AS tumour
    INNER JOIN vocabulary.codelist AS listed
        ON listed.concept_id = tumour.concept_id AND listed.codelist = 'primary_t_category'
)

SELECT
    found.person_id,
    found.measurement_id,
    found.concept_id,
    found.found_on,
    CASE WHEN stage.concept_id IS NOT NULL THEN 'stage M1' ELSE 'primary tumour seen' END AS said
FROM near_diagnosis AS found
INNER JOIN study.nasopharyngeal_cancer AS cancer
    ON cancer.condition_occurrence_id = found.measurement_event_id
    AND found.meas_event_field_concept_id = 1147127  -- condition_occurrence.condition_occurrence_id
LEFT JOIN vocabulary.codelist AS stage
    ON stage.concept_id = found.concept_id AND stage.codelist = 'm1_category'
LEFT JOIN staged ON staged.person_id = found.person_id AND staged.found_on = found.found_on
WHERE
    (found.concept_id = 2000000363 AND found.has_metastasis)  -- Primary tumour seen on imaging
    OR (stage.concept_id IS NOT NULL AND staged.person_id IS NOT NULL)
