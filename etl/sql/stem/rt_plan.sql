-- Two rows per radiotherapy plan with delivered fractions: dose in Gy and their number, as delivered,
-- dated by the last fraction. They point at the procedure of the plan's first fraction; the course's
-- own sums point at its episode. Any other plan is no treatment (trap 25).
WITH delivered AS (
    SELECT
        plan_row_id,
        arg_min(event_id(row_id, 15, 0), (treated_at, row_id)) AS procedure_id,
        max(treated_at)                       AS last_at,
        round(sum(delivered_gy), 3)           AS gy,
        count(*)                              AS fractions
    FROM stage.rt_fraction
    WHERE
        reject_reason IS NULL AND status_text IN ('COMPLETED', 'PARTIAL')
        AND NOT coalesce(is_on_dead_plan, FALSE)
    GROUP BY plan_row_id
)

SELECT
    14                                        AS source_no,
    plan.row_id,
    part.position,
    plan.person_id,
    NULL                                      AS visit_id,
    delivered.last_at                         AS start_at,
    'Measurement'                             AS domain_id,
    'npc_rt_item'                             AS vocabulary,
    part.code,
    concat_ws(' ', plan.course_text, plan.plan_name, plan.target_text) AS source_value,
    32817                                     AS type_concept_id,  -- EHR
    CASE part.position WHEN 0 THEN delivered.gy ELSE delivered.fractions END AS value_number,
    CASE part.position WHEN 0 THEN 'Gy' END   AS unit_text,
    delivered.procedure_id                    AS linked_id,
    CASE
        WHEN delivered.procedure_id IS NOT NULL
            THEN 1147082  -- concept_id of procedure_occurrence.procedure_occurrence_id
    END                                       AS linked_field_concept_id,
    CASE WHEN delivered.plan_row_id IS NULL THEN 'no delivered fraction' END AS not_carried_reason
FROM stage.rt_plan AS plan
LEFT JOIN delivered ON delivered.plan_row_id = plan.row_id
INNER JOIN (
    VALUES (0, 'TOTAL_DOSE'), (1, 'FRACTIONS')
) AS part(position, code)
    ON part.position = 0 OR delivered.plan_row_id IS NOT NULL
WHERE plan.reject_reason IS NULL
