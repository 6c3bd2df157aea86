-- One row per person and stretch of records without a gap of 548 days. A period reaches 60 days
-- beyond its last event, not beyond 60 days after death, nor beyond the extract (THEMIS); what is on
-- record later than that (a call, a bill's note) is no observation.
WITH active_day AS (
    SELECT DISTINCT
        person_id,
        CAST(start_at AS DATE) AS day
    FROM stem.event
    WHERE not_carried_reason IS NULL AND start_at IS NOT NULL
    UNION
    -- A drug taken at home is a record until its last day.
    SELECT
        event.person_id,
        least(CAST(event.end_at AS DATE), extract.extract_on) AS day
    FROM stem.event AS event
    CROSS JOIN stage.extract AS extract
    WHERE event.domain_id = 'Drug' AND event.end_at > event.start_at AND CAST(event.start_at AS DATE) <= extract.extract_on
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

observed_day AS (
    SELECT
        active_day.person_id,
        active_day.day,
        death.death_date + 60 AS last_day
    FROM active_day
    CROSS JOIN stage.extract AS extract
    LEFT JOIN cdm.death AS death ON death.person_id = active_day.person_id
    WHERE
        active_day.day <= extract.extract_on
        AND coalesce(active_day.day <= death.death_date + 60, TRUE)
),

marked AS (
    SELECT
        *,
        coalesce(date_diff('day', lag(day) OVER days, day) >= 548, TRUE) AS is_start
    FROM observed_day
    WINDOW days AS (PARTITION BY person_id ORDER BY day)
),

numbered AS (
    SELECT
        *,
        sum(CAST(is_start AS INTEGER)) OVER (PARTITION BY person_id ORDER BY day) AS stretch
    FROM marked
)

SELECT
    numbered.person_id * 1000 + numbered.stretch - 1    AS observation_period_id,
    numbered.person_id,
    min(numbered.day)                                    AS observation_period_start_date,
    -- least() leaves out what is NULL: the living have no last day.
    least(
        max(numbered.day) + 60, min(numbered.last_day), min(extract.extract_on)
    )                                                    AS observation_period_end_date,
    32882                                                AS period_type_concept_id  -- Standard algorithm from EHR
FROM numbered
CROSS JOIN stage.extract AS extract
INNER JOIN cdm.person AS person ON person.person_id = numbered.person_id
GROUP BY numbered.person_id, numbered.stretch
