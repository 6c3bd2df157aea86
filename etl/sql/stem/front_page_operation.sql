-- One row per operation code of a front page.
SELECT
    4                                                            AS source_no,
    page.row_id,
    40 + operation.item.position                                 AS position,
    page.person_id,
    page.visit_id,
    coalesce(source_timestamp(operation.item.day_text), page.start_at) AS start_at,
    'Procedure'                                                  AS domain_id,
    'npc_icd9cm3'                                                AS vocabulary,
    resolved.map_code                                            AS code,
    operation.item.code                                          AS source_value,
    32817                                                        AS type_concept_id  -- EHR
FROM stage.front_page AS page
CROSS JOIN unnest(page.operation) AS operation(item)
LEFT JOIN stage.operation_code AS resolved ON resolved.code_text = operation.item.code
WHERE page.reject_reason IS NULL AND operation.item.code IS NOT NULL
