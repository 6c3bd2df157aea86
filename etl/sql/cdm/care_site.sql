-- One row per department code; its name is the latest one used (names change over years).
SELECT
    event_id(min(row_id), 2, 1)                   AS care_site_id,
    arg_max(department_name, (start_at, row_id)) FILTER (department_name IS NOT NULL)
                                                  AS care_site_name,
    -- A department of a hospital: 38004515 Hospital.
    38004515                                      AS place_of_service_concept_id,
    department_code                               AS care_site_source_value
FROM stage.visit
WHERE department_code IS NOT NULL AND reject_reason IS NULL
GROUP BY department_code
