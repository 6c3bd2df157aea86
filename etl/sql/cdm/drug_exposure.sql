-- One row per event whose standard concept is a Drug: administrations end on their day, a discharge
-- drug after its thirty days.
SELECT
    event_id                                      AS drug_exposure_id,
    person_id,
    concept_id                                    AS drug_concept_id,
    CAST(start_at AS DATE)                        AS drug_exposure_start_date,
    start_at                                      AS drug_exposure_start_datetime,
    CAST(coalesce(end_at, start_at) AS DATE)      AS drug_exposure_end_date,
    coalesce(end_at, start_at)                    AS drug_exposure_end_datetime,
    type_concept_id                               AS drug_type_concept_id,
    quantity,
    coalesce(route_concept_id, 0)                 AS route_concept_id,
    visit_id                                      AS visit_occurrence_id,
    source_value                                  AS drug_source_value,
    0                                             AS drug_source_concept_id,
    route_text                                    AS route_source_value,
    quantity_unit_text                            AS dose_unit_source_value
FROM stem.event
WHERE domain_id = 'Drug'
