-- One row per sign of progression of an index patient after the baseline: a RECIST PD, a lesion on imaging that is
-- new or larger, or the clinician's statement, dated by the examination or as told (a month is
-- an interval until to_on).
SELECT
    event.person_id,
    'measurement'                                 AS cdm_table,
    response.measurement_id                       AS cdm_id,
    response.measurement_concept_id               AS concept_id,
    response.measurement_date                     AS found_on,
    response.measurement_date                     AS to_on,
    'day'                                         AS date_precision,
    'RECIST PD'                                   AS sign
FROM study.index_event AS event
CROSS JOIN study.setting AS setting
INNER JOIN cdm.measurement AS response
    ON response.person_id = event.person_id
    AND response.measurement_concept_id = 1633597  -- RECIST 1.1: progressive disease
    AND response.measurement_date > event.index_on + setting.progression_days_after_index

UNION ALL

SELECT
    event.person_id,
    'observation'                                 AS cdm_table,
    change.observation_id                         AS cdm_id,
    change.observation_concept_id                 AS concept_id,
    change.observation_date                       AS found_on,
    change.observation_date                       AS to_on,
    'day'                                         AS date_precision,
    change.value_as_string || ' lesion'           AS sign
FROM study.index_event AS event
CROSS JOIN study.setting AS setting
INNER JOIN cdm.observation AS change
    ON change.person_id = event.person_id
    AND change.observation_concept_id = 2000000362  -- Change of a lesion since the earlier examination
    AND change.value_as_string IN ('new', 'larger')
    AND change.observation_date > event.index_on + setting.progression_days_after_index

UNION ALL

SELECT
    event.person_id,
    'observation'                                 AS cdm_table,
    said.observation_id                           AS cdm_id,
    said.concept_id,
    coalesce(said.ends_from, said.noted_on)       AS found_on,
    coalesce(said.ends_to, said.noted_on)         AS to_on,
    coalesce(said.date_precision, 'day')          AS date_precision,
    'told'                                        AS sign
FROM study.index_event AS event
CROSS JOIN study.setting AS setting
INNER JOIN study.told_history AS said
    ON said.person_id = event.person_id
    AND said.concept_id = 1617595                 -- Cancer disease progression
    AND coalesce(said.ends_from, said.noted_on) > event.index_on + setting.progression_days_after_index
