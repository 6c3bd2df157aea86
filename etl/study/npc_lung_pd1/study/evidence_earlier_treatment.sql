-- One row per person, criterion (e1, e2, e3) and CDM row that its answer rests on.
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
    'e1'                                          AS criterion,
    'observation'                                 AS cdm_table,
    observation_id                                AS cdm_id,
    concept_id,
    told_on                                       AS found_on,
    date_precision,
    CASE WHEN is_unresolved THEN 'told, perhaps after the index date' ELSE 'told' END AS value
FROM study.told_checkpoint_inhibitor

UNION ALL

SELECT
    person_id,
    'e2'                                          AS criterion,
    cdm_table,
    cdm_id,
    concept_id,
    found_on,
    date_precision,
    certainty                                     AS value
FROM study.earlier_recurrence

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

UNION ALL

SELECT
    person_id,
    'e3'                                          AS criterion,
    'observation'                                 AS cdm_table,
    observation_id                                AS cdm_id,
    concept_id,
    told_on                                       AS found_on,
    date_precision,
    CASE WHEN is_unresolved THEN 'told, perhaps for the primary tumour' ELSE 'told' END AS value
FROM study.told_earlier_chemotherapy
