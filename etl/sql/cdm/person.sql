-- One row per person with a year of birth. The month is known, the day never: birth_datetime is the
-- first of the month (OMOP: only where the month is known).
SELECT
    person.person_id,
    coalesce(sex.concept_id, 0)                   AS gender_concept_id,
    person.birth_year                             AS year_of_birth,
    person.birth_month                            AS month_of_birth,
    CASE
        WHEN person.birth_month IS NOT NULL
            THEN CAST(make_date(person.birth_year, person.birth_month, 1) AS TIMESTAMP)
    END                                           AS birth_datetime,
    coalesce(ethnic.concept_id, 0)                AS race_concept_id,
    0                                             AS ethnicity_concept_id,
    CAST(person.county_code AS BIGINT)            AS location_id,
    CAST(person.person_id AS TEXT)                AS person_source_value,
    person.sex_code                               AS gender_source_value,
    0                                             AS gender_source_concept_id,
    person.ethnic_text                            AS race_source_value,
    0                                             AS race_source_concept_id,
    0                                             AS ethnicity_source_concept_id
FROM stage.person AS person
LEFT JOIN vocabulary.code_map AS sex
    ON sex.source_vocabulary_id = 'npc_sex' AND sex.source_code = normal_code(person.sex_code)
    AND sex.target_no = 0
LEFT JOIN vocabulary.code_map AS ethnic
    ON ethnic.source_vocabulary_id = 'npc_ethnic'
    AND ethnic.source_code = normal_code(person.ethnic_text)
    AND ethnic.target_no = 0
WHERE person.reject_reason IS NULL
