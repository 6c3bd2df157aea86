-- One row per CDM row in evidence that a text told: the note, and where in it the words stand. A clinical row
-- and its note_nlp row share person, concept and words; told twice, the nearest note counts.
WITH worded AS (
    SELECT DISTINCT
        row.person_id,
        row.cdm_table,
        row.cdm_id,
        coalesce(
            measurement.measurement_concept_id,
            observation.observation_concept_id,
            diagnosis.condition_concept_id
        )                                         AS concept_id,
        coalesce(
            measurement.measurement_date,
            observation.observation_date,
            diagnosis.condition_start_date
        )                                         AS noted_on,
        substring(
            coalesce(
                measurement.measurement_source_value,
                observation.observation_source_value,
                diagnosis.condition_source_value
            ), 1, 250
        )                                         AS words
    FROM study.evidence_row AS row
    LEFT JOIN cdm.measurement AS measurement
        ON measurement.measurement_id = row.cdm_id
        AND row.cdm_table = 'measurement'
        AND measurement.measurement_type_concept_id IN (32835, 32841, 32858)
    LEFT JOIN cdm.observation AS observation
        ON observation.observation_id = row.cdm_id
        AND row.cdm_table = 'observation'
        AND observation.observation_type_concept_id IN (32835, 32841, 32858)
    LEFT JOIN cdm.condition_occurrence AS diagnosis
        ON diagnosis.condition_occurrence_id = row.cdm_id
        AND row.cdm_table = 'condition_occurrence'
        AND diagnosis.condition_type_concept_id = 32858
    WHERE row.cdm_table IN ('measurement', 'observation', 'condition_occurrence')
),

matched AS (
    SELECT
        worded.person_id,
        worded.cdm_table,
        worded.cdm_id,
        said.note_id,
        said.note_nlp_id,
        row_number() OVER (
            PARTITION BY worded.cdm_table, worded.cdm_id
            ORDER BY
                abs(said.nlp_date - worded.noted_on),
                CASE WHEN said.note_nlp_concept_id = worded.concept_id THEN 0 ELSE 1 END,
                said.note_nlp_id
        )                                         AS place
    FROM worded
    INNER JOIN cdm.note AS note ON note.person_id = worded.person_id
    INNER JOIN cdm.note_nlp AS said
        ON said.note_id = note.note_id
        AND said.lexical_variant = worded.words
),

row_of_text AS (
    SELECT
        person_id,
        cdm_table,
        cdm_id,
        note_nlp_id
    FROM matched
    WHERE place = 1

    UNION ALL

    SELECT DISTINCT
        person_id,
        cdm_table,
        cdm_id,
        cdm_id                                    AS note_nlp_id
    FROM study.evidence_row
    WHERE cdm_table = 'note_nlp'
)

SELECT
    found.person_id,
    found.cdm_table,
    found.cdm_id,
    said.note_id,
    said.note_nlp_id,
    CAST(said."offset" AS INTEGER)                AS span_start,
    said.lexical_variant                          AS span_text
FROM row_of_text AS found
INNER JOIN cdm.note_nlp AS said ON said.note_nlp_id = found.note_nlp_id
