-- One row per event whose domain is Specimen: what the laboratory and the pathologist received.
SELECT
    event_id                                      AS specimen_id,
    person_id,
    concept_id                                    AS specimen_concept_id,
    type_concept_id                               AS specimen_type_concept_id,
    CAST(start_at AS DATE)                        AS specimen_date,
    start_at                                      AS specimen_datetime,
    source_value                                  AS specimen_source_value
FROM stem.event
WHERE domain_id = 'Specimen'
