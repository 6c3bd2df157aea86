-- One row per index event: the best response on record from the index date to the first progression. What was
-- never evaluated is NE and stays in the denominator; RECIST is never derived from a lesion's size.
SELECT
    event.person_id,
    CASE min(response.place) WHEN 1 THEN 'CR' WHEN 2 THEN 'PR' WHEN 3 THEN 'SD' WHEN 4 THEN 'PD' ELSE 'NE' END
                                                  AS best_response
FROM study.index_event AS event
LEFT JOIN study.first_progression AS progression ON progression.person_id = event.person_id
LEFT JOIN (
    SELECT
        evaluated.person_id,
        evaluated.measurement_date                AS found_on,
        CASE evaluated.measurement_concept_id
            WHEN 1634772 THEN 1  -- RECIST 1.1: complete response
            WHEN 1633368 THEN 2  -- RECIST 1.1: partial response
            WHEN 1634680 THEN 3  -- RECIST 1.1: stable disease
            WHEN 1633597 THEN 4  -- RECIST 1.1: progressive disease
        END                                       AS place
    FROM cdm.measurement AS evaluated
    WHERE evaluated.measurement_concept_id IN (1634772, 1633368, 1634680, 1633597)
) AS response
    ON response.person_id = event.person_id
    AND response.found_on > event.index_on
    AND (
        response.found_on <= progression.found_on
        OR progression.found_on IS NULL
        OR response.place = 4
    )
GROUP BY event.person_id
