-- One row per sign that an index patient took part in another drug trial near the index date: told in a note
-- (a screen failure, a refusal and an observational study have concepts of their own), or a blinded drug given.
-- Told without a date, or begun before the window with no end told, it is unresolved.
SELECT
    event.person_id,
    'observation'                                 AS cdm_table,
    said.observation_id                           AS cdm_id,
    said.concept_id,
    coalesce(said.begins_from, said.noted_on)     AS found_on,
    coalesce(said.date_precision, 'day')          AS date_precision,
    said.begins_from IS NOT NULL
    AND said.begins_from <= event.index_on
    AND least(said.ends_from, said.noted_on) >= event.index_on - setting.trial_days AS is_resolved
FROM study.index_event AS event
CROSS JOIN study.setting AS setting
INNER JOIN study.told_history AS said
    ON said.person_id = event.person_id
    AND said.concept_id = 2000000050              -- Participation in a drug trial
WHERE
    (
        said.noted_on <= event.index_on
        OR (said.begins_from IS NOT NULL AND said.begins_from <= event.index_on)
    )
    AND (
        said.ends_to IS NULL
        OR said.ends_to >= event.index_on - setting.trial_days
        -- The beginning only: whether it had ended is not told.
        OR position('/' IN said.date_text) = 0
    )
    AND (setting.index_trial_counts OR said.begins_from IS NULL OR said.begins_from < event.index_on)

UNION ALL

SELECT
    event.person_id,
    'drug_exposure'                               AS cdm_table,
    drug.drug_exposure_id                         AS cdm_id,
    drug.drug_concept_id                          AS concept_id,
    drug.drug_exposure_start_date                 AS found_on,
    'day'                                         AS date_precision,
    TRUE                                          AS is_resolved
FROM study.index_event AS event
CROSS JOIN study.setting AS setting
INNER JOIN cdm.drug_exposure AS drug
    ON drug.person_id = event.person_id
    AND drug.drug_type_concept_id = 32818         -- EHR administration record
    AND drug.drug_exposure_start_date >= event.index_on - setting.trial_days
    AND (
        drug.drug_exposure_start_date < event.index_on
        OR (drug.drug_exposure_start_date = event.index_on AND setting.index_trial_counts)
    )
INNER JOIN vocabulary.codelist AS listed
    ON listed.concept_id = drug.drug_concept_id AND listed.codelist = 'blinded_trial_drug'
