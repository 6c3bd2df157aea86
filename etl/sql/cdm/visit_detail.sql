-- One row per stay in a department: the hospital hands over one department per inpatient visit and
-- no transfers, so a stay is one detail.
SELECT
    event_id(visit.row_id, 2, 3)                  AS visit_detail_id,
    visit.person_id,
    9201                                          AS visit_detail_concept_id,  -- Inpatient Visit
    CAST(visit.start_at AS DATE)                  AS visit_detail_start_date,
    visit.start_at                                AS visit_detail_start_datetime,
    CAST(greatest(visit.end_at, visit.start_at) AS DATE) AS visit_detail_end_date,
    greatest(visit.end_at, visit.start_at)        AS visit_detail_end_datetime,
    32827                                         AS visit_detail_type_concept_id,  -- EHR encounter record
    provider.provider_id,
    provider.care_site_id,
    visit.department_name                         AS visit_detail_source_value,
    0                                             AS visit_detail_source_concept_id,
    visit.visit_id                                AS visit_occurrence_id
FROM stage.visit AS visit
LEFT JOIN cdm.provider AS provider ON provider.provider_source_value = visit.department_code
WHERE visit.reject_reason IS NULL AND visit.visit_type_code = '3'
