-- One row per dead person whose death no later activity contradicts.
SELECT
    person_id,
    died_on                                       AS death_date,
    CAST(died_on AS TIMESTAMP)                    AS death_datetime,
    type_concept_id                               AS death_type_concept_id,
    cause_concept_id,
    cause_text                                    AS cause_source_value,
    0                                             AS cause_source_concept_id
FROM stem.death
WHERE not_carried_reason IS NULL
