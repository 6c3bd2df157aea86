-- One row per NPC patient with a metastasis to lung, pleura or mediastinum that counts (p1): the first.
SELECT
    person_id,
    measurement_id,
    concept_id,
    found_on,
    evidence_level
FROM (
    SELECT
        *,
        row_number() OVER (PARTITION BY person_id ORDER BY found_on, measurement_id) AS place
    FROM study.counted_metastasis
    WHERE scope = 'thoracic'
) AS ranked
WHERE place = 1
