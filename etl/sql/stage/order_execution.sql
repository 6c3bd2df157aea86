-- One row per current execution of an order.
SELECT
    execution.row_id,
    execution.YZH                                   AS order_key,
    execution.ZXZT                                  AS status_code,
    source_timestamp(execution.SJZXSJ)              AS executed_at,
    source_number(execution.SJJL)                   AS dose,
    CASE
        WHEN link.order_key IS NULL THEN 'no such order'
        ELSE link.reject_reason
    END                                             AS reject_reason
FROM raw.YZ_ZXJL AS execution
LEFT JOIN stage.order_link AS link ON link.order_key = execution.YZH
WHERE execution.fate = 'current'
