-- One row per department: no doctor's name or number survives landing, so a provider is a department.
SELECT
    event_id(care.row_id, 2, 2)           AS provider_id,
    care.care_site_id,
    coalesce(specialty.concept_id, 0)     AS specialty_concept_id,
    care.department_code                  AS provider_source_value,
    care.department_name                  AS specialty_source_value
FROM (
    SELECT
        min(row_id)                       AS row_id,
        event_id(min(row_id), 2, 1)       AS care_site_id,
        department_code,
        arg_max(department_name, (start_at, row_id)) FILTER (department_name IS NOT NULL)
                                          AS department_name
    FROM stage.visit
    WHERE department_code IS NOT NULL AND reject_reason IS NULL
    GROUP BY department_code
) AS care
LEFT JOIN vocabulary.code_map AS specialty
    ON specialty.source_vocabulary_id = 'npc_department'
    AND specialty.source_code = normal_code(care.department_name)
    AND specialty.target_no = 0
