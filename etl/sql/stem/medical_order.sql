-- One row per order that is an exposure by itself (discharge drugs) or none at all, with the reason.
-- An executed order is carried by its executions. A discharge drug lasts as many days as the order says,
-- or until a stop after the discharge, else 30 days (THEMIS); its amount is known only where dose, times
-- a day and days are all stated.
WITH prescribed AS (
    SELECT
        o.*,
        drug.map_code,
        route.map_code                                           AS route_code,
        unit.factor,
        unit.amount_unit,
        -- "共14天", "×7日", "14天量": stated days only, nothing is reckoned from packs.
        CASE
            WHEN o.is_discharge_drug
                THEN try_cast(
                    coalesce(
                        nullif(
                            regexp_extract(
                                half_width(o.instruction_text),
                                '(共|[x×*]|用药|服药|口服|连服|连用|带药|疗程)(\d{1,3})[天日]',
                                2
                            ),
                            ''
                        ),
                        nullif(
                            regexp_extract(half_width(o.instruction_text), '(\d{1,3})[天日](用|药)?量', 1), ''
                        )
                    ) AS INTEGER
                )
        END                                                      AS days_supply,
        CASE upper(o.frequency_text)
            WHEN 'QD' THEN 1
            WHEN 'QN' THEN 1
            WHEN 'BID' THEN 2
            WHEN 'Q12H' THEN 2
            WHEN 'TID' THEN 3
            WHEN 'Q8H' THEN 3
            WHEN 'QID' THEN 4
            WHEN 'Q6H' THEN 4
        END                                                      AS times_a_day
    FROM stage.medical_order AS o
    LEFT JOIN stage.drug_name AS drug
        ON drug.name_text = o.name_text AND drug.strength_text IS NOT DISTINCT FROM o.strength_text
    LEFT JOIN stage.dose_unit AS unit
        ON unit.dose_unit_text = o.dose_unit_text AND unit.strength_text IS NOT DISTINCT FROM o.strength_text
    LEFT JOIN stage.route AS route ON route.route_text = o.route_text
    WHERE o.reject_reason IS NULL
)

SELECT
    6                                                            AS source_no,
    o.row_id,
    0                                                            AS position,
    o.person_id,
    o.visit_id,
    o.start_at,
    CASE
        WHEN o.days_supply > 0 THEN o.start_at + to_days(o.days_supply - 1)
        WHEN o.stop_at > o.visit_end_at AND o.stop_at > o.start_at THEN o.stop_at
        ELSE o.start_at + INTERVAL 29 DAY
    END                                                          AS end_at,
    'Drug'                                                       AS domain_id,
    'npc_drug'                                                   AS vocabulary,
    o.map_code                                                   AS code,
    o.name_text                                                  AS source_value,
    32838                                                        AS type_concept_id,  -- EHR prescription
    o.route_text,
    o.route_code,
    round(o.dose * o.factor * o.times_a_day * nullif(o.days_supply, 0), 3) AS quantity,
    o.amount_unit                                                AS quantity_unit_text,
    nullif(o.days_supply, 0)                                     AS days_supply,
    nullif(
        concat_ws(' ', CAST(o.dose AS DECIMAL(18, 3)) || o.dose_unit_text, o.frequency_text, o.instruction_text), ''
    )                                                            AS sig,
    CASE
        WHEN NOT o.is_drug THEN 'not a drug order'
        WHEN o.is_discharge_drug THEN NULL
        WHEN execution.order_key IS NOT NULL THEN 'carried by its executions'
        ELSE 'never executed'
    END                                                          AS not_carried_reason
-- Not stored: only stem.event reads these rows.
FROM prescribed AS o
LEFT JOIN (
    SELECT DISTINCT order_key
    FROM stage.order_execution
    WHERE status_code = '1' AND executed_at IS NOT NULL AND reject_reason IS NULL
) AS execution ON execution.order_key = o.order_key
