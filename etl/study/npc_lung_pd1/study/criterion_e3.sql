-- One row per index event: earlier systemic chemotherapy for metastatic disease, given here or told? The same
-- regimen's first cycle shortly before the index is allowed by the setting, and flagged in the value.
SELECT
    event.person_id,
    'e3'                                          AS criterion,
    CASE
        WHEN earlier.has_other OR told.has_resolved THEN 'met'
        WHEN told.person_id IS NOT NULL THEN 'unknown'
        ELSE 'not met'
    END                                           AS answer,
    CASE
        WHEN earlier.has_other THEN earlier.drugs
        WHEN told.has_resolved THEN 'told in a note'
        WHEN told.person_id IS NOT NULL THEN 'told in a note, perhaps for the primary tumour'
        WHEN earlier.person_id IS NULL THEN 'none on record'
        ELSE 'flagged: first cycle of the same regimen (' || earlier.drugs || ')'
    END                                           AS value,
    CASE
        WHEN earlier.has_other OR told.person_id IS NULL THEN earlier.first_on
        ELSE told.first_on
    END                                           AS found_on,
    CASE
        WHEN earlier.has_other OR told.person_id IS NULL THEN 'day'
        ELSE told.date_precision
    END                                           AS date_precision
FROM study.index_event AS event
LEFT JOIN (
    SELECT
        person_id,
        bool_or(NOT is_allowed)                   AS has_other,
        string_agg(DISTINCT ingredient, ', ' ORDER BY ingredient) AS drugs,
        min(given_on)                             AS first_on
    FROM study.earlier_chemotherapy
    GROUP BY person_id
) AS earlier ON earlier.person_id = event.person_id
LEFT JOIN (
    SELECT
        person_id,
        bool_or(NOT is_unresolved)                AS has_resolved,
        min(told_on)                              AS first_on,
        max(date_precision)                       AS date_precision
    FROM study.told_earlier_chemotherapy
    GROUP BY person_id
) AS told ON told.person_id = event.person_id
