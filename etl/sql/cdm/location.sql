-- One row per county of residence (GB/T 2260 code); nothing finer ever leaves the landing.
SELECT DISTINCT
    CAST(county_code AS BIGINT) AS location_id,
    county_code                 AS location_source_value,
    'CN'                        AS country_source_value
FROM stage.person
WHERE county_code IS NOT NULL AND reject_reason IS NULL
