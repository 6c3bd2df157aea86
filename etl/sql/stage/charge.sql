-- One row per current charge. Charges say what was billed, never what was given (trap 13).
SELECT
    charge.row_id,
    link.person_id,
    link.visit_id,
    CASE
        WHEN link.visit_key IS NULL THEN 'no such visit'
        ELSE link.reject_reason
    END AS reject_reason
-- Not stored: one step reads these rows.
FROM raw.SF_FYMX AS charge
LEFT JOIN stage.visit_link AS link ON link.visit_key = charge.JZLSH
WHERE charge.fate = 'current'
