-- One row per index event: symptomatic metastases of the central nervous system? Symptoms decide; denied
-- symptoms say no, flagged; nothing said either way is unknown. A metastasis that is only possible leaves it
-- unknown unless symptoms are denied.
SELECT
    event.person_id,
    'e4'                                          AS criterion,
    CASE
        WHEN found.person_id IS NULL THEN 'not met'
        WHEN found.has_metastasis AND found.is_symptomatic THEN 'met'
        WHEN found.is_denied AND NOT found.is_symptomatic THEN 'not met'
        ELSE 'unknown'
    END                                           AS answer,
    CASE
        WHEN found.person_id IS NULL THEN 'no CNS metastasis on record'
        WHEN NOT found.has_metastasis THEN 'CNS metastasis only possible'
        WHEN found.is_symptomatic THEN 'CNS metastasis with symptoms'
        WHEN found.is_denied THEN 'flagged: CNS metastasis, symptoms denied'
        ELSE 'CNS metastasis, symptoms neither told nor denied'
    END                                           AS value,
    found.found_on,
    'day'                                         AS date_precision
FROM study.index_event AS event
LEFT JOIN (
    SELECT
        person_id,
        bool_or(said = 'metastasis')              AS has_metastasis,
        bool_or(said IN ('symptom', 'drug against brain oedema')) AS is_symptomatic,
        bool_or(said = 'symptom denied')          AS is_denied,
        min(CASE WHEN said IN ('metastasis', 'possible metastasis') THEN found_on END) AS found_on
    FROM study.cns_evidence
    GROUP BY person_id
) AS found ON found.person_id = event.person_id
