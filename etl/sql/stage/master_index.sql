-- One row per current row of the master index: a person has several.
-- An id-card number with a right check digit decides sex and month of birth; the columns only fill
-- in (trap 28). 1900 stands for "none".
WITH typed AS (
    SELECT
        row_id,
        EMPI_ID,
        HZID,
        XBDM,
        MZDM,
        XZQHDM,
        SWRQ,
        HBZT,
        SFZH_XB,
        SFZH_CSNY,
        source_timestamp(GXSJ)                                         AS updated_at,
        CASE WHEN CSRQ >= '1901' THEN CSRQ END                         AS birth_text,
        CASE WHEN SFZH_CSNY >= '1901' THEN SFZH_CSNY END               AS card_text
    FROM raw.HZ_ZSY
    WHERE fate = 'current'
)

SELECT
    typed.row_id,
    identity.person_id,
    typed.updated_at,
    coalesce(typed.HBZT, '0') = '1'                                    AS is_merged_away,
    try_cast(coalesce(typed.card_text, typed.birth_text)[1:4] AS INTEGER)
                                                                       AS birth_year,
    try_cast(coalesce(typed.card_text, typed.birth_text)[6:7] AS INTEGER)
                                                                       AS birth_month,
    coalesce(typed.SFZH_XB, typed.XBDM)                                AS sex_code,
    typed.card_text <> typed.birth_text                                AS has_birth_conflict,
    typed.MZDM                                                         AS ethnic_text,
    CASE WHEN regexp_full_match(typed.XZQHDM, '\d{6}') THEN typed.XZQHDM END
                                                                       AS county_code,
    typed.SWRQ                                                         AS death_text,
    identity.reject_reason
FROM typed
LEFT JOIN stage.identity AS identity
    ON identity.id_hmac = typed.EMPI_ID AND identity.id_kind = 'empi'
