-- One row per index event: metastatic after primary standard treatment? The first distant metastasis more than
-- the setting's days after its end. A month is an interval: both ends must agree. Without a date only what
-- was metastatic at diagnosis, and treated nowhere before, is known not to be; a stage M1 of the untreated
-- tumour stays one whatever is treated later.
SELECT
    event.person_id,
    'i4'                                          AS criterion,
    CASE
        WHEN novo.staged_on <= ended.ended_from THEN 'not met'
        WHEN metastasis.found_on - ended.ended_to > setting.min_interval_days THEN 'met'
        WHEN metastasis.found_on - ended.ended_from <= setting.min_interval_days THEN 'not met'
        WHEN ended.person_id IS NULL AND treated.person_id IS NULL AND novo.person_id IS NOT NULL
            THEN 'not met'
        ELSE 'unknown'
    END                                           AS answer,
    CASE
        WHEN novo.staged_on <= ended.ended_from THEN 'staged M1 before the end of primary treatment'
        WHEN novo.person_id IS NOT NULL AND ended.person_id IS NULL AND treated.person_id IS NULL
            THEN 'metastatic at diagnosis'
        WHEN metastasis.person_id IS NULL THEN 'no distant metastasis at least probable'
        WHEN ended.person_id IS NOT NULL AND metastasis.found_on < ended.ended_from
            THEN 'metastasis before the end of primary treatment'
        WHEN ended.ended_from = ended.ended_to
            THEN CAST(metastasis.found_on - ended.ended_to AS VARCHAR) || ' days after primary treatment'
        WHEN ended.person_id IS NOT NULL
            THEN CAST(metastasis.found_on - ended.ended_to AS VARCHAR) || ' to '
                || CAST(metastasis.found_on - ended.ended_from AS VARCHAR)
                || ' days after primary treatment'
        WHEN treated.person_id IS NOT NULL THEN 'primary treatment told without a date'
        ELSE 'no primary treatment on record'
    END                                           AS value,
    ended.ended_from                              AS found_on,
    ended.date_precision
FROM study.index_event AS event
CROSS JOIN study.setting AS setting
LEFT JOIN study.first_distant_metastasis AS metastasis ON metastasis.person_id = event.person_id
LEFT JOIN study.primary_treatment_end AS ended ON ended.person_id = event.person_id
LEFT JOIN (
    SELECT
        person_id,
        min(CASE WHEN said = 'stage M1' THEN found_on END) AS staged_on
    FROM study.de_novo_evidence
    GROUP BY person_id
) AS novo
    ON novo.person_id = event.person_id
LEFT JOIN (SELECT DISTINCT person_id FROM study.told_primary_treatment) AS treated
    ON treated.person_id = event.person_id
