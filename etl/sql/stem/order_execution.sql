-- One row per execution of an order. Executed drug orders are exposures, own and donated supplies too
-- (trap 13); a dose split over several rows of one order group is summed per group and day into the
-- first of them (trap 17). Amounts are in mg or IU where unit and strength tell it; rows of one dose
-- whose units cannot be brought together leave the amount unknown.
WITH given AS (
    SELECT
        execution.row_id,
        execution.executed_at,
        o.person_id,
        o.visit_id,
        o.group_key,
        o.is_drug,
        o.is_discharge_drug,
        o.name_text,
        o.route_text,
        drug.map_code,
        route.map_code                                           AS route_code,
        -- The dose given has no unit of its own. Most wards keep the order's; some count mg whatever the
        -- order says (0.2 g: 200): whichever is nearer to the dose ordered. Where mg cannot be told from
        -- the order's unit, more than was ordered is no dose in that unit, and the order's stands.
        CASE
            WHEN execution.dose IS NULL THEN o.dose * coalesce(unit.factor, 1)
            WHEN o.dose IS NULL OR o.dose <= 0 OR execution.dose <= 0
                THEN execution.dose * coalesce(unit.factor, 1)
            WHEN unit.amount_unit IN ('mg', 'IU')
                AND abs(ln(execution.dose / o.dose)) > abs(ln(execution.dose / (o.dose * unit.factor)))
                THEN execution.dose
            WHEN unit.amount_unit IN ('mg', 'IU') THEN execution.dose * unit.factor
            ELSE least(execution.dose, o.dose) * coalesce(unit.factor, 1)
        END                                                      AS amount,
        unit.amount_unit,
        nullif(concat_ws(' ', o.frequency_text, o.instruction_text), '') AS sig,
        coalesce(
            o.is_drug AND NOT o.is_discharge_drug
            AND execution.status_code = '1' AND execution.executed_at IS NOT NULL,
            FALSE
        )                                                        AS is_exposure
    FROM stage.order_execution AS execution
    INNER JOIN stage.medical_order AS o ON o.order_key = execution.order_key
    LEFT JOIN stage.drug_name AS drug
        ON drug.name_text = o.name_text AND drug.strength_text IS NOT DISTINCT FROM o.strength_text
    LEFT JOIN stage.dose_unit AS unit
        ON unit.dose_unit_text = o.dose_unit_text AND unit.strength_text IS NOT DISTINCT FROM o.strength_text
    LEFT JOIN stage.route AS route ON route.route_text = o.route_text
    WHERE execution.reject_reason IS NULL
),

ranked AS (
    SELECT
        *,
        row_number() OVER split_dose                             AS place,
        sum(amount) OVER split_dose_all                          AS dose_amount,
        count(amount) OVER split_dose_all
        = count(*) OVER split_dose_all
        AND min(coalesce(amount_unit, '')) OVER split_dose_all
        = max(coalesce(amount_unit, '')) OVER split_dose_all     AS is_one_amount
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
    route_code,
    CASE WHEN is_one_amount THEN round(dose_amount, 3) END       AS quantity,
    CASE WHEN is_one_amount THEN amount_unit END                 AS quantity_unit_text,
    sig,
    CASE
        WHEN NOT is_drug THEN 'not a drug order'
        WHEN is_discharge_drug THEN 'discharge drug, carried by its order'
        WHEN NOT is_exposure THEN 'not executed'
        WHEN place > 1 THEN 'part of a split dose, summed into its first row'
    END                                                          AS not_carried_reason
FROM ranked
