-- One row per NPC patient: is there an index date? Where the metastasis is only possible, it is counted from
-- that finding.
SELECT
    patient.person_id,
    'p2'                                          AS criterion,
    CASE WHEN event.person_id IS NOT NULL THEN 'met' ELSE 'not met' END AS answer,
    CASE
        WHEN event.person_id IS NOT NULL
            THEN event.pd1_ingredient || ' with ' || event.chemotherapy_ingredient
                || CASE WHEN event.is_possible_only THEN ', counted from a possible metastasis' ELSE '' END
        WHEN metastasis.person_id IS NULL THEN 'no thoracic metastasis to count from'
        WHEN pd1.person_id IS NOT NULL THEN 'PD-1 inhibitor without chemotherapy near it'
        ELSE 'no PD-1 inhibitor since the metastasis'
    END                                           AS value,
    event.index_on                                AS found_on,
    'day'                                         AS date_precision
FROM study.npc_patient AS patient
LEFT JOIN study.metastasis_start AS metastasis ON metastasis.person_id = patient.person_id
LEFT JOIN study.index_event AS event ON event.person_id = patient.person_id
LEFT JOIN (
    SELECT DISTINCT given.person_id
    FROM study.anticancer_administration AS given
    INNER JOIN study.metastasis_start AS found ON found.person_id = given.person_id
    CROSS JOIN study.setting AS setting
    WHERE
        given.starts_index
        AND given.given_on >= found.found_on - setting.index_days_before_metastasis
) AS pd1 ON pd1.person_id = patient.person_id
