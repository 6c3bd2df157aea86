-- One row per operation record; only a completed one (3) was done.
SELECT
    17                                        AS source_no,
    operation.row_id,
    0                                         AS position,
    operation.person_id,
    operation.visit_id,
    operation.start_at,
    operation.end_at,
    'Procedure'                               AS domain_id,
    'npc_icd9cm3'                             AS vocabulary,
    resolved.map_code                         AS code,
    coalesce(operation.code_text, operation.name_text) AS source_value,
    32817                                     AS type_concept_id,  -- EHR
    CASE operation.status_code
        WHEN '2' THEN 'operation cancelled'
        WHEN '1' THEN 'operation only planned'
    END                                       AS not_carried_reason
FROM stage.operation AS operation
LEFT JOIN stage.operation_code AS resolved ON resolved.code_text = operation.code_text
WHERE operation.reject_reason IS NULL
