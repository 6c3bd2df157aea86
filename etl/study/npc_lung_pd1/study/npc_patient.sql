-- One row per person with a nasopharyngeal carcinoma, in any position of any visit: its first diagnosis.
-- A suspicion alone is none.
SELECT
    person_id,
    condition_occurrence_id,
    condition_concept_id,
    diagnosed_on
FROM (
    SELECT
        diagnosis.person_id,
        diagnosis.condition_occurrence_id,
        diagnosis.condition_concept_id,
        diagnosis.condition_start_date AS diagnosed_on,
        row_number() OVER (
            PARTITION BY diagnosis.person_id
            ORDER BY diagnosis.condition_start_date, diagnosis.condition_occurrence_id
        )                              AS place
    FROM cdm.condition_occurrence AS diagnosis
    INNER JOIN vocabulary.codelist AS listed
        ON listed.concept_id = diagnosis.condition_concept_id
        AND listed.codelist = 'npc_diagnosis'
    WHERE coalesce(diagnosis.condition_status_concept_id, 0) <> 32899  -- Preliminary diagnosis
) AS ranked
WHERE place = 1
