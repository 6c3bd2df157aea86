-- One row per order that is an exposure by itself (discharge drugs) or none at all, with the reason.
-- An executed order is carried by its executions; discharge drugs are taken for 30 days (THEMIS).
SELECT
    6                                                            AS source_no,
    o.row_id,
    0                                                            AS position,
    o.person_id,
    o.visit_id,
    o.start_at,
    o.start_at + INTERVAL 29 DAY                                 AS end_at,
    'Drug'                                                       AS domain_id,
    'npc_drug'                                                   AS vocabulary,
    drug.map_code                                                AS code,
    o.name_text                                                  AS source_value,
    32838                                                        AS type_concept_id,  -- EHR prescription
    o.route_text,
    normal_code(o.route_text)                                    AS route_code,
    o.dose                                                       AS quantity,
    o.dose_unit_text                                             AS quantity_unit_text,
    CASE
        WHEN NOT o.is_drug THEN 'not a drug order'
        WHEN o.is_discharge_drug THEN NULL
        WHEN execution.order_key IS NOT NULL THEN 'carried by its executions'
        ELSE 'never executed'
    END                                                          AS not_carried_reason
FROM stage.medical_order AS o
LEFT JOIN stage.drug_name AS drug ON drug.name_text = o.name_text
LEFT JOIN (
    SELECT DISTINCT order_key
    FROM stage.order_execution
    WHERE status_code = '1' AND executed_at IS NOT NULL AND reject_reason IS NULL
) AS execution ON execution.order_key = o.order_key
WHERE o.reject_reason IS NULL
