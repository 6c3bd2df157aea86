-- One row per event whose standard concept is a Drug: administrations end on their day, a discharge
-- drug after its days. Of a combination the amount belongs to the first ingredient, by which the product
-- is dosed (tegafur of S-1): what there is of the others is not said. sig is what the order says, as
-- written; premedication is an observation that points here.
SELECT
    event_id                                      AS drug_exposure_id,
    person_id,
    concept_id                                    AS drug_concept_id,
    CAST(start_at AS DATE)                        AS drug_exposure_start_date,
    start_at                                      AS drug_exposure_start_datetime,
    CAST(coalesce(end_at, start_at) AS DATE)      AS drug_exposure_end_date,
    coalesce(end_at, start_at)                    AS drug_exposure_end_datetime,
    type_concept_id                               AS drug_type_concept_id,
    CASE
        -- The last digit of an event id counts the targets of one code.
        WHEN event_id % 10 = 0 OR quantity_unit_text NOT IN ('mg', 'IU') THEN quantity
    END                                           AS quantity,
    days_supply,
    sig,
    coalesce(route_concept_id, 0)                 AS route_concept_id,
    visit_id                                      AS visit_occurrence_id,
    source_value                                  AS drug_source_value,
    source_concept_id                             AS drug_source_concept_id,
    route_text                                    AS route_source_value,
    quantity_unit_text                            AS dose_unit_source_value
FROM stem.event
WHERE domain_id = 'Drug'
