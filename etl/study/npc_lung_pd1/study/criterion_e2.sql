-- One row per index event: recurrent disease? No trace is no; only possible, or of a time that may be after
-- the index date, is unknown.
SELECT
    event.person_id,
    'e2'                                          AS criterion,
    CASE found.rank WHEN 1 THEN 'met' WHEN 2 THEN 'unknown' ELSE 'not met' END AS answer,
    CASE
        WHEN found.rank = 1 THEN concept.concept_name
        WHEN found.rank = 2 THEN concept.concept_name || ', ' || found.certainty
        ELSE 'none on record'
    END                                           AS value,
    found.found_on,
    found.date_precision
FROM study.index_event AS event
LEFT JOIN (
    SELECT
        person_id,
        concept_id,
        found_on,
        date_precision,
        certainty,
        CASE certainty WHEN 'certain' THEN 1 ELSE 2 END AS rank,
        row_number() OVER (
            PARTITION BY person_id
            ORDER BY CASE certainty WHEN 'certain' THEN 1 ELSE 2 END, found_on, cdm_table, cdm_id
        )                                         AS place
    FROM study.earlier_recurrence
) AS found ON found.person_id = event.person_id AND found.place = 1
LEFT JOIN vocabulary.concept AS concept ON concept.concept_id = found.concept_id
