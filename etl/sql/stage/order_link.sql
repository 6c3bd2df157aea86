-- One row per order number ever seen, withheld ones included (see visit_link).
SELECT
    order_key,
    CASE WHEN reject_reason IS NOT NULL THEN 'order rejected: ' || reject_reason END AS reject_reason
FROM stage.medical_order

UNION ALL

SELECT
    YZH                AS order_key,
    CASE fate
        WHEN 'void' THEN 'order voided'
        ELSE 'order rejected: ' || coalesce(reject_reason, fate)
    END                AS reject_reason
FROM raw.YZ_YZJL
WHERE fate IN ('void', 'rejected') AND YZH IS NOT NULL
