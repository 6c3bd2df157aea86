-- One row per event whose standard concept is a Procedure.
SELECT
    event_id                                      AS procedure_occurrence_id,
    person_id,
    concept_id                                    AS procedure_concept_id,
    CAST(start_at AS DATE)                        AS procedure_date,
    start_at                                      AS procedure_datetime,
    CAST(end_at AS DATE)                          AS procedure_end_date,
    end_at                                        AS procedure_end_datetime,
    type_concept_id                               AS procedure_type_concept_id,
    visit_id                                      AS visit_occurrence_id,
    source_value                                  AS procedure_source_value,
    source_concept_id                             AS procedure_source_concept_id
FROM stem.event
WHERE domain_id = 'Procedure'
