-- One row per person, criterion (e4 to e8) and CDM row that its answer rests on.
SELECT
    person_id,
    'e4'                                          AS criterion,
    cdm_table,
    cdm_id,
    concept_id,
    found_on,
    'day'                                         AS date_precision,
    said                                          AS value
FROM study.cns_evidence

UNION ALL

SELECT
    person_id,
    'e5'                                          AS criterion,
    'condition_occurrence'                        AS cdm_table,
    condition_occurrence_id                       AS cdm_id,
    concept_id,
    found_on,
    'day'                                         AS date_precision,
    CASE WHEN is_suspicion THEN 'suspicion of ' ELSE '' END || replace(codelist, '_', ' ') AS value
FROM study.listed_condition
WHERE codelist = 'autoimmune_disease' OR (codelist = 'pneumonitis' AND found_on < index_on)

UNION ALL

SELECT
    lung.person_id,
    'e5'                                          AS criterion,
    'drug_exposure'                               AS cdm_table,
    run.drug_exposure_id                          AS cdm_id,
    drug.drug_concept_id                          AS concept_id,
    run.began_on                                  AS found_on,
    'day'                                         AS date_precision,
    'glucocorticoid, ' || CAST(run.days AS VARCHAR) || ' days' AS value
FROM (SELECT DISTINCT person_id, run_exposure_id FROM study.pneumonitis) AS lung
INNER JOIN study.steroid_run AS run
    ON run.person_id = lung.person_id AND run.drug_exposure_id = lung.run_exposure_id
INNER JOIN cdm.drug_exposure AS drug ON drug.drug_exposure_id = run.drug_exposure_id

UNION ALL

SELECT
    lung.person_id,
    'e5'                                          AS criterion,
    'observation'                                 AS cdm_table,
    told.observation_id                           AS cdm_id,
    told.concept_id,
    coalesce(told.begins_from, told.noted_on)     AS found_on,
    coalesce(told.date_precision, 'day')          AS date_precision,
    'glucocorticoid told'                         AS value
FROM (SELECT DISTINCT person_id, told_observation_id FROM study.pneumonitis) AS lung
INNER JOIN study.told_history AS told
    ON told.person_id = lung.person_id AND told.observation_id = lung.told_observation_id

UNION ALL

SELECT
    person_id,
    'e5'                                          AS criterion,
    cdm_table,
    cdm_id,
    CAST(NULL AS INTEGER)                         AS concept_id,
    found_on,
    'day'                                         AS date_precision,
    'systemic treatment'                          AS value
FROM study.autoimmune_treatment

UNION ALL

SELECT
    person_id,
    criterion,
    cdm_table,
    cdm_id,
    concept_id,
    found_on,
    'day'                                         AS date_precision,
    CASE
        WHEN is_suspicion THEN 'suspicion only'
        WHEN is_resolved THEN 'serious disease'
        ELSE 'severity not on record'
    END                                           AS value
FROM study.serious_condition

UNION ALL

SELECT
    person_id,
    'e8'                                          AS criterion,
    cdm_table,
    cdm_id,
    concept_id,
    found_on,
    date_precision,
    CASE WHEN is_resolved THEN 'took part' ELSE 'took part, when is not told' END AS value
FROM study.trial_participation
