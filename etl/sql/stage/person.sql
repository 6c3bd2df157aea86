-- One row per person: of several master-index rows the live and the latest speak first.
-- Without a year of birth a person cannot enter the CDM: rejected, and the events with it.
WITH ranked AS (
    SELECT
        *,
        row_number() OVER (
            PARTITION BY person_id
            ORDER BY is_merged_away ASC, updated_at DESC NULLS LAST, row_id ASC
        ) AS preference
    FROM stage.master_index
    WHERE person_id IS NOT NULL
),

one AS (
    SELECT
        person_id,
        min(row_id)                                                           AS row_id,
        arg_min(birth_year, preference) FILTER (birth_year IS NOT NULL)       AS birth_year,
        arg_min(coalesce(birth_month, 0), preference) FILTER (birth_year IS NOT NULL) AS birth_month,
        arg_min(sex_code, preference) FILTER (sex_code IS NOT NULL)           AS sex_code,
        arg_min(ethnic_text, preference) FILTER (ethnic_text IS NOT NULL)     AS ethnic_text,
        arg_min(county_code, preference) FILTER (county_code IS NOT NULL)     AS county_code,
        arg_min(reject_reason, preference) FILTER (reject_reason IS NOT NULL) AS index_reject_reason
    FROM ranked
    GROUP BY person_id
),

-- Known by number, but every row of the index was rejected or void.
withheld AS (
    SELECT DISTINCT identity.person_id
    FROM stage.identity AS identity
    LEFT JOIN one ON one.person_id = identity.person_id
    WHERE identity.person_id IS NOT NULL AND one.person_id IS NULL
)

SELECT
    person_id,
    row_id,
    birth_year,
    nullif(birth_month, 0) AS birth_month,
    sex_code,
    ethnic_text,
    county_code,
    CASE
        WHEN index_reject_reason IS NOT NULL THEN index_reject_reason
        WHEN birth_year IS NULL THEN 'no year of birth'
    END                    AS reject_reason
FROM one

UNION ALL

SELECT
    person_id,
    NULL                       AS row_id,
    NULL                       AS birth_year,
    NULL                       AS birth_month,
    NULL                       AS sex_code,
    NULL                       AS ethnic_text,
    NULL                       AS county_code,
    'no valid master index row' AS reject_reason
FROM withheld
