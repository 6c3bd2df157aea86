-- One row per source code and target concept of the curated maps; the vocabulary's own are in it.
SELECT
    source_code,
    0                                             AS source_concept_id,
    source_vocabulary_id,
    min(source_name)                              AS source_code_description,
    concept_id                                    AS target_concept_id,
    coalesce(min(vocabulary_id), 'None')          AS target_vocabulary_id,
    DATE '1970-01-01'                             AS valid_start_date,
    DATE '2099-12-31'                             AS valid_end_date
FROM vocabulary.code_map
WHERE coalesce(status, '') <> 'vocabulary'
GROUP BY source_vocabulary_id, source_code, concept_id
