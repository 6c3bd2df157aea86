-- One row per person and stretch of records without a gap of 548 days. A period reaches 60 days
-- beyond its last event, not beyond 60 days after death, nor beyond the extract (THEMIS).
WITH active_day AS (
    SELECT DISTINCT
        person_id,
        CAST(start_at AS DATE) AS day
    FROM stem.event
    WHERE not_carried_reason IS NULL AND start_at IS NOT NULL
    UNION
    SELECT
        person_id,
        visit_start_date AS day
    FROM cdm.visit_occurrence
    UNION
    SELECT
        person_id,
        visit_end_date AS day
    FROM cdm.visit_occurrence
    UNION
    SELECT
        person_id,
        note_date AS day
    FROM cdm.note
    UNION
    SELECT
        person_id,
        death_date AS day
    FROM cdm.death
),

marked AS (
    SELECT
        active_day.person_id,
        active_day.day,
        coalesce(
            date_diff('day', lag(active_day.day) OVER days, active_day.day) >= 548, TRUE
        ) AS is_start
    FROM active_day
    CROSS JOIN stage.extract AS extract
    WHERE active_day.day <= extract.extract_on
    WINDOW days AS (PARTITION BY active_day.person_id ORDER BY active_day.day)
),

numbered AS (
    SELECT
        person_id,
        day,
        sum(CAST(is_start AS INTEGER)) OVER (PARTITION BY person_id ORDER BY day) AS stretch
    FROM marked
)

SELECT
    numbered.person_id * 1000 + numbered.stretch - 1    AS observation_period_id,
    numbered.person_id,
    min(numbered.day)                                    AS observation_period_start_date,
    greatest(
        min(numbered.day),
        least(
            max(numbered.day) + 60,
            coalesce(min(death.death_date) + 60, DATE '9999-12-31'),
            min(extract.extract_on)
        )
    )                                                    AS observation_period_end_date,
    32882                                                AS period_type_concept_id  -- Standard algorithm from EHR
FROM numbered
CROSS JOIN stage.extract AS extract
INNER JOIN cdm.person AS person ON person.person_id = numbered.person_id
LEFT JOIN cdm.death AS death ON death.person_id = numbered.person_id
GROUP BY numbered.person_id, numbered.stretch
