-- One row per event whose standard concept is a Condition, whatever hospital table it came from.
SELECT
    event_id                                      AS condition_occurrence_id,
    person_id,
    concept_id                                    AS condition_concept_id,
    CAST(start_at AS DATE)                        AS condition_start_date,
    start_at                                      AS condition_start_datetime,
    type_concept_id                               AS condition_type_concept_id,
    status_concept_id                             AS condition_status_concept_id,
    visit_id                                      AS visit_occurrence_id,
    source_value                                  AS condition_source_value,
    source_concept_id                             AS condition_source_concept_id,
    status_code                                   AS condition_status_source_value
FROM stem.event
WHERE domain_id = 'Condition'
