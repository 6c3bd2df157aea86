-- One row per index event: earlier systemic chemotherapy for metastatic disease? The same regimen's
-- first cycle shortly before the index is allowed by the setting, and flagged in the value.
SELECT
    event.person_id,
    'e3'                                          AS criterion,
    CASE WHEN earlier.has_other THEN 'met' ELSE 'not met' END AS answer,
    CASE
        WHEN earlier.person_id IS NULL THEN 'none on record'
        WHEN earlier.has_other THEN earlier.drugs
        ELSE 'flagged: first cycle of the same regimen (' || earlier.drugs || ')'
    END                                           AS value,
    earlier.first_on                              AS found_on
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
