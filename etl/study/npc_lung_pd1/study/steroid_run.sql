-- One row per unbroken run of systemic glucocorticoids of an index patient at the study's dose or more (or of
-- an amount not known): begin, end and length in days.
WITH counted AS (
    SELECT
        given.person_id,
        given.drug_exposure_id,
        given.began_on,
        given.ended_on,
        given.prednisone_mg_per_day IS NOT NULL   AS is_dose_known,
        max(given.ended_on) OVER (
            PARTITION BY given.person_id
            ORDER BY given.began_on, given.ended_on, given.drug_exposure_id
            ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
        )                                         AS covered_until
    FROM study.systemic_steroid_exposure AS given
    CROSS JOIN study.setting AS setting
    WHERE
        given.prednisone_mg_per_day IS NULL
        OR given.prednisone_mg_per_day >= setting.min_prednisone_mg_per_day
),

numbered AS (
    SELECT
        counted.*,
        sum(
            CASE WHEN counted.began_on - counted.covered_until <= setting.steroid_gap_days THEN 0 ELSE 1 END
        ) OVER (
            PARTITION BY counted.person_id
            ORDER BY counted.began_on, counted.ended_on, counted.drug_exposure_id
        )                                         AS run_no
    FROM counted
    CROSS JOIN study.setting AS setting
)

SELECT
    numbered.person_id,
    min(numbered.drug_exposure_id)                AS drug_exposure_id,
    min(numbered.began_on)                        AS began_on,
    max(numbered.ended_on)                        AS ended_on,
    max(numbered.ended_on) - min(numbered.began_on) + 1 AS days,
    bool_and(numbered.is_dose_known)              AS is_dose_known
FROM numbered
CROSS JOIN study.setting AS setting
GROUP BY numbered.person_id, numbered.run_no
HAVING max(numbered.ended_on) - min(numbered.began_on) + 1 >= max(setting.min_steroid_days)
