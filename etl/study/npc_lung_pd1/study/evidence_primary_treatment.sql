-- One row per person, criterion (i4) and CDM row that its answer rests on.
SELECT
    ended.person_id,
    'i4'                                          AS criterion,
    ended.cdm_table,
    ended.cdm_id,
    ended.concept_id,
    ended.ended_from                              AS found_on,
    ended.date_precision,
    'end of radiotherapy of the nasopharynx'      AS value
FROM study.primary_radiotherapy AS ended
INNER JOIN study.index_event AS event ON event.person_id = ended.person_id

UNION ALL

SELECT
    ended.person_id,
    'i4'                                          AS criterion,
    'drug_exposure'                               AS cdm_table,
    ended.drug_exposure_id                        AS cdm_id,
    ended.concept_id,
    ended.last_on                                 AS found_on,
    'day'                                         AS date_precision,
    'last adjuvant dose'                          AS value
FROM study.adjuvant_chemotherapy AS ended
INNER JOIN study.index_event AS event ON event.person_id = ended.person_id

UNION ALL

SELECT
    told.person_id,
    'i4'                                          AS criterion,
    'observation'                                 AS cdm_table,
    told.observation_id                           AS cdm_id,
    told.concept_id,
    told.noted_on                                 AS found_on,
    'day'                                         AS date_precision,
    'radiotherapy told, ' || coalesce(told.date_text, 'no date') AS value
FROM study.told_primary_treatment AS told
INNER JOIN study.index_event AS event ON event.person_id = told.person_id
WHERE NOT EXISTS (SELECT 1 FROM study.primary_radiotherapy AS ended WHERE ended.person_id = told.person_id)

UNION ALL

SELECT
    novo.person_id,
    'i4'                                          AS criterion,
    'measurement'                                 AS cdm_table,
    novo.measurement_id                           AS cdm_id,
    novo.concept_id,
    novo.found_on,
    'day'                                         AS date_precision,
    novo.said || ' at diagnosis'                  AS value
FROM study.de_novo_evidence AS novo
INNER JOIN study.index_event AS event ON event.person_id = novo.person_id
WHERE
    NOT EXISTS (
        SELECT 1
        FROM study.primary_treatment_end AS ended
        WHERE ended.person_id = novo.person_id AND ended.ended_from < novo.found_on
    )

UNION ALL

SELECT
    metastasis.person_id,
    'i4'                                          AS criterion,
    'measurement'                                 AS cdm_table,
    metastasis.measurement_id                     AS cdm_id,
    metastasis.concept_id,
    metastasis.found_on,
    'day'                                         AS date_precision,
    'first distant metastasis'                    AS value
FROM study.first_distant_metastasis AS metastasis
INNER JOIN study.index_event AS event ON event.person_id = metastasis.person_id
