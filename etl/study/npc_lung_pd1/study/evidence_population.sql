-- One row per person, criterion (p1, p2) and CDM row that its answer rests on.
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
    'p1'                                          AS criterion,
    'note_nlp'                                    AS cdm_table,
    note_nlp_id                                   AS cdm_id,
    concept_id,
    found_on,
    'day'                                         AS date_precision,
    'only possible'                               AS value
FROM study.possible_thoracic_metastasis

UNION ALL

SELECT
    person_id,
    'p1'                                          AS criterion,
    'condition_occurrence'                        AS cdm_table,
    condition_occurrence_id                       AS cdm_id,
    concept_id,
    found_on,
    'day'                                         AS date_precision,
    'lung cancer, proven'                         AS value
FROM study.lung_primary

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
