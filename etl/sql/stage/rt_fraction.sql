-- One row per current radiotherapy fraction, its dose in Gy.
SELECT
    fraction.row_id,
    plan.row_id                                         AS plan_row_id,
    plan.person_id,
    plan.technique_text,
    plan.target_text,
    plan.plan_name,
    -- A rejected, retired or unapproved plan is no treatment, whatever is booked on it (trap 25).
    upper(plan.status_text) IN ('REJECTED', 'RETIRED', 'UNAPPROVED') AS is_on_dead_plan,
    source_timestamp(fraction.ZLSJ)                     AS treated_at,
    CASE
        WHEN source_number(fraction.SCJL) > 50 THEN source_number(fraction.SCJL) / 100
        ELSE source_number(fraction.SCJL)
    END                                                 AS delivered_gy,
    upper(fraction.ZLZT)                                AS status_text,
    CASE
        WHEN plan.plan_key IS NULL THEN 'no such plan'
        WHEN plan.reject_reason IS NOT NULL THEN 'plan rejected: ' || plan.reject_reason
        WHEN source_timestamp(fraction.ZLSJ) IS NULL
            AND upper(fraction.ZLZT) IN ('COMPLETED', 'PARTIAL') THEN 'no treatment time'
    END                                                 AS reject_reason
FROM raw.FL_FC AS fraction
LEFT JOIN stage.rt_plan AS plan ON plan.plan_key = fraction.JHID
WHERE fraction.fate = 'current'
