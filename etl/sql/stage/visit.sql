-- One row per current visit (registration, emergency, stay, day care, check-up).
-- Without a discharge a stay is still going on at the extract; other visits end as they start.
WITH typed AS (
    SELECT
        visit.row_id,
        visit.JZLSH                                 AS visit_key,
        coalesce(empi.person_id, hzid.person_id)    AS person_id,
        coalesce(empi.reject_reason, hzid.reject_reason) AS identity_reject_reason,
        visit.JZLX                                  AS visit_type_code,
        visit.RYTJDM                                AS admitted_from_code,
        visit.JZKSDM                                AS department_code,
        visit.JZKSMC                                AS department_name,
        visit.LYFSDM                                AS discharge_code,
        source_timestamp(visit.RYSJ)                AS start_at,
        source_timestamp(visit.CYSJ)                AS discharged_at
    FROM raw.JZ_JZJL AS visit
    LEFT JOIN stage.identity AS empi
        ON empi.id_hmac = visit.EMPI_ID AND empi.id_kind = 'empi'
    LEFT JOIN stage.identity AS hzid
        ON hzid.id_hmac = visit.HZID AND hzid.id_kind = 'hzid'
    WHERE visit.fate = 'current'
)

SELECT
    typed.row_id,
    event_id(typed.row_id, 2, 0)                    AS visit_id,
    typed.visit_key,
    typed.person_id,
    typed.visit_type_code,
    typed.admitted_from_code,
    typed.department_code,
    typed.department_name,
    typed.discharge_code,
    typed.start_at,
    typed.discharged_at,
    coalesce(
        typed.discharged_at,
        CASE
            WHEN typed.visit_type_code = '3'
                THEN greatest(typed.start_at, CAST(extract.extract_on AS TIMESTAMP))
            ELSE typed.start_at
        END
    )                                               AS end_at,
    CASE
        WHEN typed.person_id IS NULL
            THEN coalesce(typed.identity_reject_reason, 'no such patient')
        WHEN person.reject_reason IS NOT NULL THEN 'patient rejected: ' || person.reject_reason
        WHEN typed.start_at IS NULL THEN 'no start'
        WHEN typed.discharged_at < typed.start_at
            AND CAST(typed.discharged_at AS DATE) < CAST(typed.start_at AS DATE)
            THEN 'discharge before admission'
    END                                             AS reject_reason
FROM typed
CROSS JOIN stage.extract AS extract
LEFT JOIN stage.person AS person ON person.person_id = typed.person_id
