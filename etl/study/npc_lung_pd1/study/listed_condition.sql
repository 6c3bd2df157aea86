-- One row per diagnosis of an index patient, on or before the index date, that one of the study's lists of
-- diseases names, by concept or (concept 0) by the beginning of its code. A suspicion stays in, flagged.
SELECT DISTINCT
    event.person_id,
    event.index_on,
    listed.codelist,
    diagnosis.condition_occurrence_id,
    diagnosis.condition_concept_id                AS concept_id,
    diagnosis.condition_start_date                AS found_on,
    coalesce(diagnosis.condition_status_concept_id, 0) = 32899 AS is_suspicion  -- Preliminary diagnosis
FROM study.index_event AS event
INNER JOIN cdm.condition_occurrence AS diagnosis
    ON diagnosis.person_id = event.person_id
    AND diagnosis.condition_start_date <= event.index_on
INNER JOIN vocabulary.codelist AS listed
    ON (
        (listed.concept_id <> 0 AND listed.concept_id = diagnosis.condition_concept_id)
        OR (listed.concept_id = 0 AND diagnosis.condition_source_value LIKE listed.code || '%')
    )
WHERE
    listed.codelist IN (
        'pneumonitis', 'autoimmune_disease', 'organ_dysfunction', 'heart_failure', 'serious_disease',
        'cirrhosis', 'epilepsy'
    )
