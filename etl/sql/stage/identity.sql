-- One row per hospital identifier (EMPI_ID, HZID, BAH) as its keyed hash: whose it is.
-- An identifier that names several persons names nobody: patients are never linked by guess.
SELECT
    id_kind,
    id_hmac,
    CASE WHEN count(DISTINCT person_id) = 1 THEN min(person_id) END AS person_id,
    CASE
        WHEN count(DISTINCT person_id) > 1 THEN 'identifier of several patients'
        ELSE min(merge_error)
    END                                                              AS reject_reason
FROM raw.identity
GROUP BY id_kind, id_hmac
