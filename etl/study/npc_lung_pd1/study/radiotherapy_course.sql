-- One row per delivered course of radiotherapy of an NPC patient: days, dose (Gy, replans and boosts summed),
-- site and intent. What was only planned is no course.
SELECT
    course.person_id,
    course.episode_id,
    course.episode_object_concept_id              AS concept_id,
    course.episode_start_date                     AS began_on,
    coalesce(course.episode_end_date, course.episode_start_date) AS ended_on,
    max(dose.value_as_number)                     AS dose_gy,
    max(fraction.value_as_number)                 AS fractions,
    max(site.value_as_string)                     AS site,
    coalesce(max(intent.value_as_concept_id), 0) = 4179711 AS is_palliative
FROM cdm.episode AS course
INNER JOIN study.npc_patient AS patient ON patient.person_id = course.person_id
LEFT JOIN cdm.measurement AS dose
    ON dose.measurement_event_id = course.episode_id
    AND dose.meas_event_field_concept_id = 756290    -- episode.episode_id
    AND dose.measurement_concept_id = 2000000036     -- Radiotherapy total delivered dose
LEFT JOIN cdm.measurement AS fraction
    ON fraction.measurement_event_id = course.episode_id
    AND fraction.meas_event_field_concept_id = 756290
    AND fraction.measurement_concept_id = 2000000037 -- Radiotherapy number of delivered fractions
LEFT JOIN cdm.observation AS site
    ON site.observation_event_id = course.episode_id
    AND site.obs_event_field_concept_id = 756290
    AND site.observation_concept_id = 2000000039     -- Radiotherapy target site
LEFT JOIN cdm.observation AS intent
    ON intent.observation_event_id = course.episode_id
    AND intent.obs_event_field_concept_id = 756290
    AND intent.observation_concept_id = 2000000040   -- Radiotherapy intent
WHERE course.episode_concept_id = 32940              -- Treatment course of radiotherapy
GROUP BY
    course.person_id,
    course.episode_id,
    course.episode_object_concept_id,
    course.episode_start_date,
    course.episode_end_date
