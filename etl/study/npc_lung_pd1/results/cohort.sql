-- One row per eligible patient, in OHDSI's shape: from the index date to death or last contact. The index
-- lies inside an observation period, as OHDSI's tools require.
SELECT
    setting.cohort_definition_id,
    CAST(eligible.person_id AS BIGINT)            AS subject_id,
    eligible.index_on                             AS cohort_start_date,
    greatest(
        eligible.index_on, coalesce(eligible.died_on, eligible.last_contact_on)
    )                                             AS cohort_end_date
FROM study.npc_lung_pd1 AS eligible
CROSS JOIN study.setting AS setting
WHERE
    EXISTS (
        SELECT 1
        FROM cdm.observation_period AS period
        WHERE
            period.person_id = eligible.person_id
            AND eligible.index_on BETWEEN period.observation_period_start_date
            AND period.observation_period_end_date
    )
ORDER BY eligible.person_id
