-- One row per non-infectious pneumonitis before the index date, with the systemic glucocorticoid that it
-- needed: a run of administrations begun around it, or a steroid told in a note (its dose and days are not
-- on record, so that it stays unresolved).
SELECT
    found.person_id,
    found.condition_occurrence_id,
    found.concept_id,
    found.found_on,
    found.is_suspicion,
    min(run.drug_exposure_id)                     AS run_exposure_id,
    coalesce(bool_or(run.is_dose_known), FALSE)   AS is_treated,
    min(told.observation_id)                      AS told_observation_id
FROM study.listed_condition AS found
CROSS JOIN study.setting AS setting
LEFT JOIN study.steroid_run AS run
    ON run.person_id = found.person_id
    AND run.began_on BETWEEN found.found_on - setting.steroid_days_before
    AND found.found_on + setting.steroid_days_after
LEFT JOIN study.told_history AS told
    ON told.person_id = found.person_id
    AND told.concept_id = 2000000390              -- Systemic glucocorticoid told in a note
    AND told.noted_on <= found.index_on
    AND coalesce(told.begins_from, told.noted_on) BETWEEN found.found_on - setting.steroid_days_before
    AND found.found_on + setting.steroid_days_after
WHERE found.codelist = 'pneumonitis' AND found.found_on < found.index_on
GROUP BY
    found.person_id,
    found.condition_occurrence_id,
    found.concept_id,
    found.found_on,
    found.is_suspicion
