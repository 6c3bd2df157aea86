-- One row per index event: another drug trial within the study's days before it? No trace is no.
SELECT
    event.person_id,
    'e8'                                          AS criterion,
    CASE
        WHEN found.is_resolved THEN 'met'
        WHEN found.person_id IS NOT NULL THEN 'unknown'
        ELSE 'not met'
    END                                           AS answer,
    CASE
        WHEN found.is_resolved THEN 'took part in a drug trial'
        WHEN found.person_id IS NOT NULL THEN 'took part in a drug trial, when is not told'
        ELSE 'none on record'
    END                                           AS value,
    found.found_on,
    found.date_precision
FROM study.index_event AS event
LEFT JOIN (
    SELECT
        person_id,
        bool_or(is_resolved)                      AS is_resolved,
        min(found_on)                             AS found_on,
        max(date_precision)                       AS date_precision
    FROM study.trial_participation
    GROUP BY person_id
) AS found ON found.person_id = event.person_id
