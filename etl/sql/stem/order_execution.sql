-- One row per execution of an order. Executed drug orders are exposures, own and donated supplies too
-- (trap 13); a dose split over several rows of one order group is summed per group and day into the
-- first of them (trap 17). Amounts are in mg where unit and strength tell it.
WITH given AS (
    SELECT
        execution.row_id,
        execution.status_code,
        execution.executed_at,
        o.person_id,
        o.visit_id,
        o.group_key,
        o.is_drug,
        o.is_discharge_drug,
        o.name_text,
        o.route_text,
        o.dose_unit_text,
        drug.map_code,
        coalesce(execution.dose, o.dose)                         AS amount,
        CASE
            WHEN o.dose_unit_text = 'mg' THEN 1
            WHEN o.dose_unit_text = 'g' THEN 1000
            WHEN o.dose_unit_text IN ('ug', 'μg', 'µg') THEN 0.001
            WHEN o.dose_unit_text = 'ml' THEN strength.mg_per_ml
            WHEN o.dose_unit_text IN ('支', '瓶', '片', '粒', '袋', '盒') THEN strength.mg_per_piece
        END                                                      AS mg_factor,
        coalesce(
            o.is_drug AND NOT o.is_discharge_drug
            AND execution.status_code = '1' AND execution.executed_at IS NOT NULL,
            FALSE
        )                                                        AS is_exposure
    FROM stage.order_execution AS execution
    INNER JOIN stage.medical_order AS o ON o.order_key = execution.order_key
    LEFT JOIN stage.drug_name AS drug ON drug.name_text = o.name_text
    LEFT JOIN stage.drug_strength AS strength ON strength.strength_text = o.strength_text
    WHERE execution.reject_reason IS NULL
),

ranked AS (
    SELECT
        *,
        row_number() OVER split_dose                             AS place,
        sum(amount * mg_factor) OVER split_dose_all              AS mg,
        sum(amount) OVER split_dose_all                          AS plain_amount,
        count(mg_factor) OVER split_dose_all                     AS rows_in_mg,
        count(*) OVER split_dose_all                             AS rows_in_dose
    FROM given
    WINDOW
        split_dose AS (
            PARTITION BY is_exposure, visit_id, group_key, map_code, CAST(executed_at AS DATE)
            ORDER BY row_id
        ),
        split_dose_all AS (
            PARTITION BY is_exposure, visit_id, group_key, map_code, CAST(executed_at AS DATE)
        )
)

SELECT
    7                                                            AS source_no,
    row_id,
    0                                                            AS position,
    person_id,
    visit_id,
    executed_at                                                  AS start_at,
    executed_at                                                  AS end_at,
    'Drug'                                                       AS domain_id,
    'npc_drug'                                                   AS vocabulary,
    map_code                                                     AS code,
    name_text                                                    AS source_value,
    32818                                                        AS type_concept_id,  -- EHR administration record
    route_text,
    normal_code(route_text)                                      AS route_code,
    CASE WHEN rows_in_mg = rows_in_dose THEN round(mg, 3) ELSE plain_amount END AS quantity,
    CASE WHEN rows_in_mg = rows_in_dose THEN 'mg' ELSE dose_unit_text END       AS quantity_unit_text,
    CASE
        WHEN NOT is_drug THEN 'not a drug order'
        WHEN is_discharge_drug THEN 'discharge drug, carried by its order'
        WHEN NOT is_exposure THEN 'not executed'
        WHEN place > 1 THEN 'part of a split dose, summed into its first row'
    END                                                          AS not_carried_reason
FROM ranked
