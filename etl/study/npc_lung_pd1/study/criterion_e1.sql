-- One row per index event: a checkpoint inhibitor before it, given here or told? No trace is no.
SELECT
    event.person_id,
    'e1'                                          AS criterion,
    CASE
        WHEN earlier.person_id IS NOT NULL OR told.has_resolved THEN 'met'
        WHEN told.person_id IS NOT NULL THEN 'unknown'
        ELSE 'not met'
    END                                           AS answer,
    CASE
        WHEN earlier.person_id IS NOT NULL THEN earlier.drugs
        WHEN told.has_resolved THEN 'told in a note'
        WHEN told.person_id IS NOT NULL THEN 'told in a note, perhaps after the index date'
        ELSE 'none on record'
    END                                           AS value,
    coalesce(earlier.first_on, told.first_on)     AS found_on,
    CASE WHEN earlier.person_id IS NOT NULL THEN 'day' ELSE told.date_precision END AS date_precision
FROM study.index_event AS event
LEFT JOIN (
    SELECT
        person_id,
        string_agg(DISTINCT ingredient, ', ' ORDER BY ingredient) AS drugs,
        min(given_on)                             AS first_on
    FROM study.earlier_checkpoint_inhibitor
    GROUP BY person_id
) AS earlier ON earlier.person_id = event.person_id
LEFT JOIN (
    SELECT
        person_id,
        bool_or(NOT is_unresolved)                AS has_resolved,
        min(told_on)                              AS first_on,
        -- day, month, year: in the order of the alphabet the coarsest is last.
        max(date_precision)                       AS date_precision
    FROM study.told_checkpoint_inhibitor
    GROUP BY person_id
) AS told ON told.person_id = event.person_id
