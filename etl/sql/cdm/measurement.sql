-- One row per event whose standard concept is a Measurement: results, vital signs, stage, metastases.
-- The number and the coded value are kept side by side, the text always. A cancer modifier points at
-- the condition that it modifies, a dose at its procedure or course.
SELECT
    event_id                                      AS measurement_id,
    person_id,
    concept_id                                    AS measurement_concept_id,
    CAST(start_at AS DATE)                        AS measurement_date,
    start_at                                      AS measurement_datetime,
    type_concept_id                               AS measurement_type_concept_id,
    operator_concept_id,
    value_number                                  AS value_as_number,
    value_as_concept_id,
    unit_concept_id,
    range_low,
    range_high,
    visit_id                                      AS visit_occurrence_id,
    source_value                                  AS measurement_source_value,
    source_concept_id                             AS measurement_source_concept_id,
    unit_text                                     AS unit_source_value,
    0                                             AS unit_source_concept_id,
    value_source                                  AS value_source_value,
    linked_id                                     AS measurement_event_id,
    linked_field_concept_id                       AS meas_event_field_concept_id
FROM stem.event
WHERE domain_id = 'Measurement'
