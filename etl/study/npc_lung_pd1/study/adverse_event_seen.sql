-- One row per adverse event that a note tells of an index patient from the index date to the setting's days after
-- the last PD-1 dose: its grade (CTCAE), and whether the note calls it immune-related.
SELECT
    period.person_id,
    period.index_on,
    event.condition_occurrence_id,
    event.condition_concept_id                    AS concept_id,
    event.condition_start_date                    AS found_on,
    max(CAST(grade.value_as_number AS INTEGER))   AS grade,
    count(immune.observation_id) > 0 OR event.condition_concept_id = 4112813  -- Drug-induced lung disorder
                                                  AS is_immune_related
FROM study.treatment_period AS period
CROSS JOIN study.setting AS setting
INNER JOIN cdm.condition_occurrence AS event
    ON event.person_id = period.person_id
    AND event.condition_type_concept_id = 32858   -- NLP
    AND event.condition_start_date BETWEEN period.index_on
    AND period.last_pd1_on + setting.adverse_event_days
INNER JOIN vocabulary.codelist AS listed
    ON listed.concept_id = event.condition_concept_id AND listed.codelist = 'adverse_event'
LEFT JOIN cdm.measurement AS grade
    ON grade.person_id = event.person_id
    AND grade.measurement_event_id = event.condition_occurrence_id
    AND grade.meas_event_field_concept_id = 1147127  -- condition_occurrence.condition_occurrence_id
    AND grade.measurement_concept_id = 2000000386    -- Grade of an adverse event (CTCAE)
LEFT JOIN cdm.observation AS immune
    ON immune.person_id = event.person_id
    AND immune.observation_event_id = event.condition_occurrence_id
    AND immune.obs_event_field_concept_id = 1147127
    AND immune.observation_concept_id = 2000000387   -- Immune-related adverse event
GROUP BY
    period.person_id,
    period.index_on,
    event.condition_occurrence_id,
    event.condition_concept_id,
    event.condition_start_date
