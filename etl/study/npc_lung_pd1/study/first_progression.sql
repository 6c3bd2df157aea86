-- One row per index patient with a progression: the first, by the latest day that it can have been, so that a
-- month told does not come before an examination in it.
SELECT
    person_id,
    found_on,
    date_precision,
    sign,
    cdm_table,
    cdm_id
FROM (
    SELECT
        seen.person_id,
        greatest(seen.found_on, event.index_on)   AS found_on,
        seen.date_precision,
        seen.sign,
        seen.cdm_table,
        seen.cdm_id,
        row_number() OVER (
            PARTITION BY seen.person_id
            ORDER BY seen.to_on, seen.found_on, seen.cdm_table, seen.cdm_id
        )                                         AS place
    FROM study.progression AS seen
    INNER JOIN study.index_event AS event ON event.person_id = seen.person_id
) AS ranked
WHERE place = 1
