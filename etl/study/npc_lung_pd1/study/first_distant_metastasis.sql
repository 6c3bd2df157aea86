-- One row per NPC patient with a distant metastasis that counts, in any organ: the first. Nodes of the neck
-- are not distant.
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
    WHERE scope = 'distant'
) AS ranked
WHERE place = 1
