-- One row per person, criterion (i1, i2, i3, i5, i6) and CDM row that its answer rests on.
SELECT
    person.person_id,
    'i1'                                          AS criterion,
    'person'                                      AS cdm_table,
    person.person_id                              AS cdm_id,
    CAST(NULL AS INTEGER)                         AS concept_id,
    make_date(person.year_of_birth, coalesce(person.month_of_birth, 1), 1) AS found_on,
    CASE WHEN person.month_of_birth IS NULL THEN 'year' ELSE 'month' END AS date_precision,
    'birth'                                       AS value
FROM study.index_event AS event
INNER JOIN cdm.person AS person ON person.person_id = event.person_id

UNION ALL

SELECT
    score.person_id,
    'i2'                                          AS criterion,
    'measurement'                                 AS cdm_table,
    score.measurement_id                          AS cdm_id,
    score.concept_id,
    score.measured_on                             AS found_on,
    'day'                                         AS date_precision,
    upper(score.item) || ' ' || CAST(CAST(score.amount AS INTEGER) AS VARCHAR) AS value
FROM study.baseline_measurement AS score
WHERE score.item IN ('kps', 'ecog')

UNION ALL

SELECT
    person_id,
    'i3'                                          AS criterion,
    'measurement'                                 AS cdm_table,
    measurement_id                                AS cdm_id,
    concept_id,
    found_on,
    'day'                                         AS date_precision,
    morphology || ', ' || kind || ', ' || evidence_level AS value
FROM study.histology

UNION ALL

SELECT
    person_id,
    'i5'                                          AS criterion,
    'measurement'                                 AS cdm_table,
    measurement_id                                AS cdm_id,
    concept_id,
    found_on,
    'day'                                         AS date_precision,
    lesion_kind || ', ' || judged                 AS value
FROM study.baseline_lesion

UNION ALL

SELECT
    person_id,
    'i5'                                          AS criterion,
    'measurement'                                 AS cdm_table,
    size_measurement_id                           AS cdm_id,
    size_concept_id                               AS concept_id,
    found_on,
    'day'                                         AS date_precision,
    lesion_kind || ' ' || CAST(CAST(size_mm AS NUMERIC(18, 1)) AS VARCHAR) || ' mm' AS value
FROM study.baseline_lesion
WHERE size_measurement_id IS NOT NULL

UNION ALL

SELECT
    person_id,
    'i6'                                          AS criterion,
    'measurement'                                 AS cdm_table,
    measurement_id                                AS cdm_id,
    concept_id,
    measured_on                                   AS found_on,
    'day'                                         AS date_precision,
    item || ' ' || answer || ': ' || value        AS value
FROM study.organ_function
WHERE measurement_id IS NOT NULL

UNION ALL

SELECT
    weight.person_id,
    'i6'                                          AS criterion,
    'measurement'                                 AS cdm_table,
    weight.measurement_id                         AS cdm_id,
    weight.concept_id,
    weight.measured_on                            AS found_on,
    'day'                                         AS date_precision,
    'weight ' || CAST(CAST(weight.amount AS DECIMAL(18, 1)) AS VARCHAR) || ' kg' AS value
FROM study.organ_function AS creatinine
INNER JOIN study.baseline_measurement AS weight
    ON weight.person_id = creatinine.person_id
    AND weight.measurement_id = creatinine.weight_measurement_id
