-- One row per NPC patient with a staging of the primary tumour (T1 to T4; rT0 is a restaging): the first one's T, N,
-- M and stage, with the edition where the record tells it.
WITH staged AS (
    SELECT
        stage.person_id,
        stage.measurement_date                    AS staged_on,
        stage.measurement_source_value            AS source_value,
        concept.concept_name                      AS name,
        listed.concept_id IS NOT NULL             AS is_primary_t
    FROM cdm.measurement AS stage
    INNER JOIN study.nasopharyngeal_cancer AS cancer
        ON cancer.condition_occurrence_id = stage.measurement_event_id
        AND stage.meas_event_field_concept_id = 1147127  -- condition_occurrence.condition_occurrence_id
    INNER JOIN vocabulary.concept AS concept
        ON concept.concept_id = stage.measurement_concept_id
        AND (concept.concept_name LIKE 'AJCC/UICC%Category' OR concept.concept_name LIKE 'Stage %')
    LEFT JOIN vocabulary.codelist AS listed
        ON listed.concept_id = stage.measurement_concept_id AND listed.codelist = 'primary_t_category'
),

first_day AS (
    SELECT
        person_id,
        min(staged_on)                            AS staged_on
    FROM staged
    WHERE is_primary_t
    GROUP BY person_id
)

SELECT
    first_day.person_id,
    first_day.staged_on,
    max(CASE WHEN staged.is_primary_t THEN staged.name END) AS t_category,
    max(CASE WHEN staged.name ~ '^.* N[0-9].*$' THEN staged.name END) AS n_category,
    max(CASE WHEN staged.name ~ '^.* M[0-9].*$' THEN staged.name END) AS m_category,
    max(CASE WHEN staged.name LIKE 'Stage %' THEN staged.name END) AS stage,
    CASE WHEN bool_or(staged.source_value LIKE '%AJCC8%') THEN '8' END AS edition
FROM first_day
INNER JOIN staged
    ON staged.person_id = first_day.person_id AND staged.staged_on = first_day.staged_on
GROUP BY first_day.person_id, first_day.staged_on
