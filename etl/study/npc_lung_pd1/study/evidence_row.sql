-- One row per person, criterion and CDM row that its answer rests on, with what that row says.
SELECT
    person_id,
    'p1'                                          AS criterion,
    'condition_occurrence'                        AS cdm_table,
    condition_occurrence_id                       AS cdm_id,
    condition_concept_id                          AS concept_id,
    diagnosed_on                                  AS found_on,
    'day'                                         AS date_precision,
    'diagnosis'                                   AS value
FROM study.npc_patient

UNION ALL

SELECT
    person_id,
    'p1'                                          AS criterion,
    'measurement'                                 AS cdm_table,
    measurement_id                                AS cdm_id,
    concept_id,
    found_on,
    'day'                                         AS date_precision,
    'by ' || evidence_level                       AS value
FROM study.thoracic_metastasis

UNION ALL

SELECT
    person_id,
    'p2'                                          AS criterion,
    'drug_exposure'                               AS cdm_table,
    pd1_exposure_id                               AS cdm_id,
    pd1_concept_id                                AS concept_id,
    index_on                                      AS found_on,
    'day'                                         AS date_precision,
    pd1_ingredient                                AS value
FROM study.index_event

UNION ALL

SELECT
    person_id,
    'p2'                                          AS criterion,
    'drug_exposure'                               AS cdm_table,
    chemotherapy_exposure_id                      AS cdm_id,
    chemotherapy_concept_id                       AS concept_id,
    chemotherapy_on                               AS found_on,
    'day'                                         AS date_precision,
    chemotherapy_ingredient                       AS value
FROM study.index_event

UNION ALL

SELECT
    person.person_id,
    'i1'                                          AS criterion,
    'person'                                      AS cdm_table,
    person.person_id                              AS cdm_id,
    CAST(NULL AS INTEGER)                         AS concept_id,
    CAST(
        concat(person.year_of_birth, '-', coalesce(person.month_of_birth, 1), '-01') AS DATE
    )                                             AS found_on,
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

UNION ALL

SELECT
    person_id,
    'e1'                                          AS criterion,
    'drug_exposure'                               AS cdm_table,
    drug_exposure_id                              AS cdm_id,
    concept_id,
    given_on                                      AS found_on,
    'day'                                         AS date_precision,
    ingredient                                    AS value
FROM study.earlier_checkpoint_inhibitor

UNION ALL

SELECT
    person_id,
    'e3'                                          AS criterion,
    'drug_exposure'                               AS cdm_table,
    drug_exposure_id                              AS cdm_id,
    concept_id,
    given_on                                      AS found_on,
    'day'                                         AS date_precision,
    CASE WHEN is_allowed THEN ingredient || ' (same regimen)' ELSE ingredient END AS value
FROM study.earlier_chemotherapy

UNION ALL

SELECT
    metastasis.person_id,
    'e3'                                          AS criterion,
    'measurement'                                 AS cdm_table,
    metastasis.measurement_id                     AS cdm_id,
    metastasis.concept_id,
    metastasis.found_on,
    'day'                                         AS date_precision,
    'first distant metastasis'                    AS value
FROM study.first_distant_metastasis AS metastasis
INNER JOIN study.index_event AS event ON event.person_id = metastasis.person_id
