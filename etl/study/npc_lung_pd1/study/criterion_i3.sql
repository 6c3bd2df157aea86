-- One row per index event: histologically confirmed squamous carcinoma of the nasopharynx? Another histology
-- says no unless a squamous one stands beside it; a report speaks before a quotation.
SELECT
    event.person_id,
    'i3'                                          AS criterion,
    CASE best.kind WHEN 'squamous' THEN 'met' WHEN 'other' THEN 'not met' ELSE 'unknown' END AS answer,
    CASE
        WHEN best.kind IS NULL THEN 'no histology on or before the index date'
        WHEN best.kind = 'unspecific' THEN best.morphology || ', says no histology'
        WHEN best.evidence_level = 'quoted' THEN best.morphology || ', quoted'
        ELSE best.morphology
    END                                           AS value,
    best.found_on,
    'day'                                         AS date_precision
FROM study.index_event AS event
LEFT JOIN (
    SELECT
        person_id,
        morphology,
        evidence_level,
        kind,
        found_on,
        row_number() OVER (
            PARTITION BY person_id
            ORDER BY
                CASE kind WHEN 'squamous' THEN 0 WHEN 'other' THEN 1 ELSE 2 END,
                CASE evidence_level WHEN 'report' THEN 0 ELSE 1 END,
                found_on,
                measurement_id
        ) AS place
    FROM study.histology
) AS best ON best.person_id = event.person_id AND best.place = 1
