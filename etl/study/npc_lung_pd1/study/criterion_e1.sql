-- One row per index event: a checkpoint inhibitor before it? No trace is no.
SELECT
    event.person_id,
    'e1'                                          AS criterion,
    CASE WHEN earlier.person_id IS NOT NULL THEN 'met' ELSE 'not met' END AS answer,
    coalesce(earlier.drugs, 'none on record')     AS value,
    earlier.first_on                              AS found_on
FROM study.index_event AS event
LEFT JOIN (
    SELECT
        person_id,
        string_agg(DISTINCT ingredient, ', ' ORDER BY ingredient) AS drugs,
        min(given_on)                             AS first_on
    FROM study.earlier_checkpoint_inhibitor
    GROUP BY person_id
) AS earlier ON earlier.person_id = event.person_id
