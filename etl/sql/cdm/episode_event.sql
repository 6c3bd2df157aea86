-- One row per episode and event that it is made of.
SELECT
    known.condition_id                        AS episode_id,
    known.condition_id                        AS event_id,
    1147127                                   AS episode_event_field_concept_id  -- condition_occurrence_id
FROM stem.primary_cancer AS known

UNION ALL

SELECT
    known.condition_id                        AS episode_id,
    diagnosis.event_id,
    1147127                                   AS episode_event_field_concept_id
FROM stem.cancer_diagnosis AS diagnosis
INNER JOIN stem.primary_cancer AS known
    ON known.person_id = diagnosis.person_id AND known.category = diagnosis.category
WHERE diagnosis.event_id <> known.condition_id

UNION ALL

SELECT
    first_value(event_id) OVER (PARTITION BY condition_id ORDER BY found_on, event_id) AS episode_id,
    event_id,
    1147138                                   AS episode_event_field_concept_id  -- measurement_id
FROM stem.metastasis_evidence

UNION ALL

SELECT
    stretch_id                                AS episode_id,
    event_id,
    1147138                                   AS episode_event_field_concept_id
FROM stem.response

UNION ALL

SELECT
    line_id                                   AS episode_id,
    event_id,
    1147094                                   AS episode_event_field_concept_id  -- drug_exposure_id
FROM stem.line_exposure

UNION ALL

SELECT
    cycle_id                                  AS episode_id,
    event_id,
    1147094                                   AS episode_event_field_concept_id
FROM stem.line_exposure

UNION ALL

SELECT
    course_id                                 AS episode_id,
    event_id,
    1147082                                   AS episode_event_field_concept_id  -- procedure_occurrence_id
FROM stem.rt_course_fraction

UNION ALL

SELECT
    surgery_id                                AS episode_id,
    event_id,
    1147082                                   AS episode_event_field_concept_id
FROM stem.cancer_surgery
