-- One row per systemic treatment within the study's years before the index date of a patient with an
-- autoimmune disease: a run of glucocorticoids, an immunosuppressant, or a steroid told in a note.
-- Replacement (levothyroxine, insulin) is on none of the lists.
WITH diseased AS (
    SELECT DISTINCT
        found.person_id,
        found.index_on,
        found.index_on - setting.autoimmune_treatment_days AS from_on
    FROM study.listed_condition AS found
    CROSS JOIN study.setting AS setting
    WHERE found.codelist = 'autoimmune_disease' AND NOT found.is_suspicion
)

SELECT
    diseased.person_id,
    'drug_exposure'                               AS cdm_table,
    run.drug_exposure_id                          AS cdm_id,
    run.began_on                                  AS found_on
FROM diseased
INNER JOIN study.steroid_run AS run
    ON run.person_id = diseased.person_id
    AND run.began_on <= diseased.index_on
    AND run.ended_on >= diseased.from_on

UNION ALL

SELECT
    diseased.person_id,
    'drug_exposure'                               AS cdm_table,
    drug.drug_exposure_id                         AS cdm_id,
    drug.drug_exposure_start_date                 AS found_on
FROM diseased
INNER JOIN cdm.drug_exposure AS drug
    ON drug.person_id = diseased.person_id
    AND drug.drug_exposure_start_date BETWEEN diseased.from_on AND diseased.index_on
INNER JOIN vocabulary.codelist AS listed
    ON listed.concept_id = drug.drug_concept_id AND listed.codelist = 'immunosuppressant'

UNION ALL

SELECT
    diseased.person_id,
    'observation'                                 AS cdm_table,
    told.observation_id                           AS cdm_id,
    coalesce(told.begins_from, told.noted_on)     AS found_on
FROM diseased
INNER JOIN study.told_history AS told
    ON told.person_id = diseased.person_id
    AND told.concept_id = 2000000390              -- Systemic glucocorticoid told in a note
    AND told.noted_on <= diseased.index_on
    AND coalesce(told.ends_to, told.noted_on) >= diseased.from_on
