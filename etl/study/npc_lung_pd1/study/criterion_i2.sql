-- One row per index event: performance status good enough? KPS decides; ECOG only where there is no KPS,
-- and ECOG 2 alone covers KPS 50 to 70.
SELECT
    event.person_id,
    'i2'                                          AS criterion,
    CASE
        WHEN kps.amount >= setting.min_kps THEN 'met'
        WHEN kps.amount < setting.min_kps THEN 'not met'
        WHEN ecog.amount <= setting.max_ecog THEN 'met'
        WHEN ecog.amount >= setting.failing_ecog THEN 'not met'
        ELSE 'unknown'
    END                                           AS answer,
    CASE
        WHEN kps.person_id IS NOT NULL THEN 'KPS ' || CAST(CAST(kps.amount AS INTEGER) AS VARCHAR)
        WHEN ecog.person_id IS NOT NULL
            THEN 'ECOG ' || CAST(CAST(ecog.amount AS INTEGER) AS VARCHAR)
        ELSE 'no KPS and no ECOG in the window'
    END                                           AS value,
    coalesce(kps.measured_on, ecog.measured_on)   AS found_on,
    'day'                                         AS date_precision
FROM study.index_event AS event
CROSS JOIN study.setting AS setting
LEFT JOIN study.baseline_measurement AS kps
    ON kps.person_id = event.person_id AND kps.item = 'kps'
LEFT JOIN study.baseline_measurement AS ecog
    ON ecog.person_id = event.person_id AND ecog.item = 'ecog'
