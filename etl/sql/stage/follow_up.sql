-- One row per current follow-up contact.
SELECT
    follow_up.row_id,
    empi.person_id,
    source_timestamp(follow_up.SFRQ)                    AS contacted_at,
    follow_up.SFFSDM                                    AS mode_code,
    follow_up.SCZT                                      AS status_code,
    follow_up.SWRQ                                      AS death_text,
    follow_up.SWYY                                      AS cause_text,
    follow_up.JZQK                                      AS progression_text,
    follow_up.BZ                                        AS remark_text,
    CASE
        WHEN empi.person_id IS NULL THEN coalesce(empi.reject_reason, 'no such patient')
        WHEN person.reject_reason IS NOT NULL THEN 'patient rejected: ' || person.reject_reason
        WHEN source_timestamp(follow_up.SFRQ) IS NULL THEN 'no date of contact'
    END                                                 AS reject_reason
FROM raw.SF_SFJL AS follow_up
LEFT JOIN stage.identity AS empi
    ON empi.id_hmac = follow_up.EMPI_ID AND empi.id_kind = 'empi'
LEFT JOIN stage.person AS person ON person.person_id = empi.person_id
WHERE follow_up.fate = 'current'
