-- One row per index event: when the patient was last known, by a visit, an executed order, a sample or a
-- follow-up (never the padded end of an observation period), and when he or she died.
SELECT
    event.person_id,
    greatest(event.index_on, max(contact.day))    AS last_contact_on,
    min(death.death_date)                         AS died_on
FROM study.index_event AS event
LEFT JOIN (
    SELECT person_id, visit_start_date AS day FROM cdm.visit_occurrence
    UNION ALL
    SELECT person_id, visit_end_date AS day FROM cdm.visit_occurrence
    UNION ALL
    SELECT person_id, drug_exposure_start_date AS day
    FROM cdm.drug_exposure
    WHERE drug_type_concept_id = 32818  -- EHR administration record
    UNION ALL
    SELECT person_id, measurement_date AS day
    FROM cdm.measurement
    WHERE measurement_type_concept_id = 32856  -- Lab
    UNION ALL
    SELECT person_id, observation_date AS day
    FROM cdm.observation
    WHERE observation_concept_id <> 4163894  -- Lost to follow-up: nobody was reached
) AS contact ON contact.person_id = event.person_id
LEFT JOIN cdm.death AS death ON death.person_id = event.person_id
GROUP BY event.person_id, event.index_on
