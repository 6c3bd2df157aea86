-- One row per index event: old enough? Birth is known to the month, sometimes to the year: an index date
-- in the month (or year) of the birthday that decides stays unknown.
SELECT
    event.person_id,
    'i1'                                          AS criterion,
    CASE
        WHEN age.least_months >= setting.min_age_years * 12 THEN 'met'
        WHEN age.most_months < setting.min_age_years * 12 THEN 'not met'
        ELSE 'unknown'
    END                                           AS answer,
    CASE
        WHEN floor(age.least_months / 12.0) = floor(age.most_months / 12.0)
            THEN CAST(CAST(floor(age.most_months / 12.0) AS INTEGER) AS VARCHAR) || ' years'
        ELSE CAST(CAST(floor(age.least_months / 12.0) AS INTEGER) AS VARCHAR) || ' or '
            || CAST(CAST(floor(age.most_months / 12.0) AS INTEGER) AS VARCHAR) || ' years'
    END                                           AS value,
    event.index_on                                AS found_on,
    'day'                                         AS date_precision
FROM study.index_event AS event
CROSS JOIN study.setting AS setting
INNER JOIN (
    -- Completed months of age on the index date: at least, and at most.
    SELECT
        indexed.person_id,
        (extract(YEAR FROM indexed.index_on) - person.year_of_birth) * 12
        + extract(MONTH FROM indexed.index_on) - coalesce(person.month_of_birth, 12) - 1
                                                  AS least_months,
        (extract(YEAR FROM indexed.index_on) - person.year_of_birth) * 12
        + extract(MONTH FROM indexed.index_on) - coalesce(person.month_of_birth, 1)
                                                  AS most_months
    FROM study.index_event AS indexed
    INNER JOIN cdm.person AS person ON person.person_id = indexed.person_id
) AS age ON age.person_id = event.person_id
