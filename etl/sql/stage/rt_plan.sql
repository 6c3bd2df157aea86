-- One row per current radiotherapy plan, its prescribed dose in Gy whatever unit it came in
-- (trap 25). The radiotherapy number is one of the person's hospital ids.
SELECT
    plan.row_id,
    plan.JHID                                           AS plan_key,
    hzid.person_id,
    plan.LCID                                           AS course_text,
    plan.JHMC                                           AS plan_name,
    plan.BQMC                                           AS target_text,
    plan.JS                                             AS technique_text,
    plan.YT                                             AS intent_text,
    plan.JHZT                                           AS status_text,
    CASE
        WHEN upper(plan.JLDW) = 'CGY' THEN source_number(plan.CFJL) / 100
        -- No plan prescribes more than 100 Gy: a larger number without its unit is cGy.
        WHEN source_number(plan.CFJL) > 200 THEN source_number(plan.CFJL) / 100
        ELSE source_number(plan.CFJL)
    END                                                 AS prescribed_gy,
    CASE
        WHEN hzid.person_id IS NULL THEN coalesce(hzid.reject_reason, 'no such patient')
        WHEN person.reject_reason IS NOT NULL THEN 'patient rejected: ' || person.reject_reason
    END                                                 AS reject_reason
FROM raw.FL_JH AS plan
LEFT JOIN stage.identity AS hzid
    ON hzid.id_hmac = plan.HZID AND hzid.id_kind = 'hzid'
LEFT JOIN stage.person AS person ON person.person_id = hzid.person_id
WHERE plan.fate = 'current'
