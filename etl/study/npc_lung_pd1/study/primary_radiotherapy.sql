-- One row per NPC patient whose definitive radiotherapy of the nasopharynx has a date: when it ended, as an
-- interval. The course delivered here counts, unless one that a note tells had ended before it began (then
-- ours is a re-irradiation). Of what is told, the first course; told several times, the most precise.
WITH delivered AS (
    SELECT
        course.person_id,
        course.episode_id,
        course.concept_id,
        course.began_on,
        course.ended_on,
        row_number() OVER (
            PARTITION BY course.person_id ORDER BY course.ended_on, course.episode_id
        )                                         AS place
    FROM study.radiotherapy_course AS course
    CROSS JOIN study.setting AS setting
    WHERE course.site = 'nasopharynx' AND course.dose_gy >= setting.definitive_dose_gy
),

told AS (
    SELECT
        said.person_id,
        said.observation_id,
        said.concept_id,
        said.ends_from,
        said.ends_to,
        said.date_precision,
        first_value(said.ends_to) OVER (
            PARTITION BY said.person_id ORDER BY said.ends_from ASC, said.ends_to DESC
        )                                         AS first_to
    FROM study.told_history AS said
    CROSS JOIN study.setting AS setting
    LEFT JOIN cdm.measurement AS dose
        ON dose.measurement_event_id = said.observation_id
        AND dose.meas_event_field_concept_id = 1147165   -- observation.observation_id
        AND dose.measurement_concept_id = 2000000036     -- Radiotherapy total delivered dose
    WHERE
        said.concept_id = 2000000391                     -- Radiotherapy of the nasopharynx in the history
        AND said.ends_from IS NOT NULL
        AND (dose.value_as_number IS NULL OR dose.value_as_number >= setting.definitive_dose_gy)
),

first_told AS (
    SELECT
        told.*,
        row_number() OVER (
            PARTITION BY told.person_id
            ORDER BY
                CASE told.date_precision WHEN 'day' THEN 0 WHEN 'month' THEN 1 ELSE 2 END,
                told.ends_from,
                told.observation_id
        )                                         AS place
    FROM told
    WHERE told.ends_from <= told.first_to         -- its interval meets the earliest: the same course
)

SELECT
    patient.person_id,
    CASE WHEN here.person_id IS NOT NULL THEN 'episode' ELSE 'observation' END AS cdm_table,
    coalesce(here.episode_id, said.observation_id) AS cdm_id,
    coalesce(here.concept_id, said.concept_id)    AS concept_id,
    coalesce(here.ended_on, said.ends_from)       AS ended_from,
    coalesce(here.ended_on, said.ends_to)         AS ended_to,
    CASE WHEN here.person_id IS NOT NULL THEN 'day' ELSE said.date_precision END AS date_precision
FROM study.npc_patient AS patient
LEFT JOIN first_told AS said ON said.person_id = patient.person_id AND said.place = 1
LEFT JOIN delivered AS here
    ON here.person_id = patient.person_id
    AND here.place = 1
    AND (said.person_id IS NULL OR said.ends_to >= here.began_on)
WHERE here.person_id IS NOT NULL OR said.person_id IS NOT NULL
