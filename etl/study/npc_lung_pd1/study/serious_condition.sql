-- One row per index event, criterion (e6, e7) and CDM row that tells a serious disease in its window. What the
-- row leaves open (class of heart failure, compensation of cirrhosis, control of epilepsy) is unresolved; a
-- suspicion does not count.
WITH listed AS (
    SELECT
        found.person_id,
        found.index_on,
        found.codelist,
        'condition_occurrence'                    AS cdm_table,
        found.condition_occurrence_id             AS cdm_id,
        found.concept_id,
        found.found_on,
        found.is_suspicion
    FROM study.listed_condition AS found

    UNION ALL

    -- Dependence on dialysis is an observation.
    SELECT
        event.person_id,
        event.index_on,
        code.codelist,
        'observation'                             AS cdm_table,
        state.observation_id                      AS cdm_id,
        state.observation_concept_id              AS concept_id,
        state.observation_date                    AS found_on,
        FALSE                                     AS is_suspicion
    FROM study.index_event AS event
    INNER JOIN cdm.observation AS state
        ON state.person_id = event.person_id AND state.observation_date <= event.index_on
    INNER JOIN vocabulary.codelist AS code
        ON code.concept_id = state.observation_concept_id AND code.codelist = 'organ_dysfunction'

    UNION ALL

    SELECT
        event.person_id,
        event.index_on,
        'unfit'                                   AS codelist,
        'observation'                             AS cdm_table,
        said.observation_id                       AS cdm_id,
        said.concept_id,
        least(said.ends_to, said.noted_on)        AS found_on,
        FALSE                                     AS is_suspicion
    FROM study.index_event AS event
    INNER JOIN study.told_history AS said
        ON said.person_id = event.person_id
        AND said.concept_id = 2000000397          -- Unfit for chemoradiotherapy
        AND said.noted_on <= event.index_on
),

criterion AS (
    SELECT
        answered.criterion,
        answered.codelist,
        answered.is_resolved
    FROM (
        VALUES
            ('e6', 'organ_dysfunction', TRUE),
            ('e6', 'unfit', TRUE),
            ('e6', 'heart_failure', FALSE),
            ('e6', 'cirrhosis', FALSE),
            ('e7', 'organ_dysfunction', TRUE),
            ('e7', 'serious_disease', TRUE),
            ('e7', 'heart_failure', FALSE),
            ('e7', 'cirrhosis', FALSE),
            ('e7', 'epilepsy', FALSE)
    ) AS answered(criterion, codelist, is_resolved)
)

SELECT
    listed.person_id,
    criterion.criterion,
    listed.cdm_table,
    listed.cdm_id,
    listed.concept_id,
    listed.found_on,
    listed.is_suspicion,
    bool_and(criterion.is_resolved)               AS is_resolved
FROM listed
CROSS JOIN study.setting AS setting
INNER JOIN criterion ON criterion.codelist = listed.codelist
WHERE
    listed.found_on >= listed.index_on - CASE criterion.criterion
        WHEN 'e6' THEN setting.organ_dysfunction_days
        ELSE setting.serious_disease_days
    END
GROUP BY
    listed.person_id,
    criterion.criterion,
    listed.cdm_table,
    listed.cdm_id,
    listed.concept_id,
    listed.found_on,
    listed.is_suspicion
