-- One row per index event: pneumonitis that needed glucocorticoids, or an autoimmune disease under systemic
-- treatment? The disease alone, or a suspicion, says no, flagged.
SELECT
    event.person_id,
    'e5'                                          AS criterion,
    CASE
        WHEN lung.is_treated OR treatment.person_id IS NOT NULL THEN 'met'
        WHEN lung.is_unresolved THEN 'unknown'
        ELSE 'not met'
    END                                           AS answer,
    CASE
        WHEN lung.is_treated THEN 'pneumonitis with glucocorticoids'
        WHEN treatment.person_id IS NOT NULL THEN 'autoimmune disease with systemic treatment'
        WHEN lung.is_unresolved THEN 'pneumonitis with glucocorticoids of unknown dose or length'
        WHEN lung.person_id IS NOT NULL THEN 'flagged: pneumonitis without glucocorticoids'
        WHEN autoimmune.person_id IS NOT NULL
            THEN 'flagged: autoimmune disease without systemic treatment'
        ELSE 'none on record'
    END                                           AS value,
    CASE
        WHEN lung.is_treated THEN lung.found_on
        WHEN treatment.person_id IS NOT NULL THEN treatment.found_on
        ELSE coalesce(lung.found_on, autoimmune.found_on)
    END                                           AS found_on,
    'day'                                         AS date_precision
FROM study.index_event AS event
LEFT JOIN (
    SELECT
        person_id,
        bool_or(is_treated AND NOT is_suspicion)  AS is_treated,
        bool_or(
            NOT is_suspicion
            AND (run_exposure_id IS NOT NULL OR told_observation_id IS NOT NULL)
        )                                         AS is_unresolved,
        min(found_on)                             AS found_on
    FROM study.pneumonitis
    GROUP BY person_id
) AS lung ON lung.person_id = event.person_id
LEFT JOIN (
    SELECT person_id, min(found_on) AS found_on FROM study.autoimmune_treatment GROUP BY person_id
) AS treatment ON treatment.person_id = event.person_id
LEFT JOIN (
    SELECT
        person_id,
        min(found_on)                             AS found_on
    FROM study.listed_condition
    WHERE codelist = 'autoimmune_disease'
    GROUP BY person_id
) AS autoimmune ON autoimmune.person_id = event.person_id
