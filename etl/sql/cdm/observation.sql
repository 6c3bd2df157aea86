-- One row per event whose standard concept is an Observation, or of a domain that has no table.
SELECT
    event_id                                      AS observation_id,
    person_id,
    concept_id                                    AS observation_concept_id,
    CAST(start_at AS DATE)                        AS observation_date,
    start_at                                      AS observation_datetime,
    type_concept_id                               AS observation_type_concept_id,
    value_number                                  AS value_as_number,
    value_source                                  AS value_as_string,
    value_as_concept_id,
    unit_concept_id,
    visit_id                                      AS visit_occurrence_id,
    source_value                                  AS observation_source_value,
    source_concept_id                             AS observation_source_concept_id,
    unit_text                                     AS unit_source_value,
    value_source                                  AS value_source_value,
    linked_id                                     AS observation_event_id,
    linked_field_concept_id                       AS obs_event_field_concept_id
FROM stem.event
WHERE domain_id NOT IN ('Condition', 'Drug', 'Procedure', 'Measurement', 'Specimen')
