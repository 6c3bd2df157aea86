-- One row per visit. The admission route's codes 1 and 2 are swapped between two national lists
-- (trap 7): the visit table uses WS 445.
SELECT
    visit.visit_id                                AS visit_occurrence_id,
    visit.person_id,
    coalesce(kind.concept_id, 0)                  AS visit_concept_id,
    CAST(visit.start_at AS DATE)                  AS visit_start_date,
    visit.start_at                                AS visit_start_datetime,
    CAST(greatest(visit.end_at, visit.start_at) AS DATE) AS visit_end_date,
    greatest(visit.end_at, visit.start_at)        AS visit_end_datetime,
    32827                                         AS visit_type_concept_id,  -- EHR encounter record
    provider.provider_id,
    provider.care_site_id,
    visit.visit_type_code                         AS visit_source_value,
    0                                             AS visit_source_concept_id,
    coalesce(admitted.concept_id, 0)              AS admitted_from_concept_id,
    visit.admitted_from_code                      AS admitted_from_source_value,
    coalesce(discharge.concept_id, 0)             AS discharged_to_concept_id,
    visit.discharge_code                          AS discharged_to_source_value
FROM stage.visit AS visit
LEFT JOIN cdm.provider AS provider ON provider.provider_source_value = visit.department_code
LEFT JOIN vocabulary.code_map AS kind
    ON kind.source_vocabulary_id = 'npc_visit' AND kind.source_code = visit.visit_type_code
    AND kind.target_no = 0
LEFT JOIN vocabulary.code_map AS admitted
    ON admitted.source_vocabulary_id = 'npc_admit'
    AND admitted.source_code = 'WS445:' || visit.admitted_from_code
    AND admitted.target_no = 0
LEFT JOIN vocabulary.code_map AS discharge
    ON discharge.source_vocabulary_id = 'npc_discharge'
    AND discharge.source_code = visit.discharge_code
    AND discharge.target_no = 0
WHERE visit.reject_reason IS NULL
