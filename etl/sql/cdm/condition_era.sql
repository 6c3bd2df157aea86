-- One row per person, condition and stretch of diagnoses no more than 30 days apart. An era takes
-- its first event's id; a suspicion (preliminary) begins no era.
WITH spell AS (
    SELECT
        condition_occurrence_id,
        person_id,
        condition_concept_id,
        condition_start_date                               AS start_on,
        coalesce(condition_end_date, condition_start_date) AS end_on
    FROM cdm.condition_occurrence
    WHERE
        condition_concept_id <> 0
        AND coalesce(condition_status_concept_id, 0) <> 32899  -- Preliminary diagnosis
),

marked AS (
    SELECT
        *,
        coalesce(
            date_diff('day', max(end_on) OVER earlier, start_on) > 30, TRUE
        ) AS is_start
    FROM spell
    WINDOW earlier AS (
        PARTITION BY person_id, condition_concept_id
        ORDER BY start_on, condition_occurrence_id
        ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
    )
),

numbered AS (
    SELECT
        *,
        sum(CAST(is_start AS INTEGER)) OVER (
            PARTITION BY person_id, condition_concept_id
            ORDER BY start_on, condition_occurrence_id
        ) AS era
    FROM marked
)

SELECT
    arg_min(condition_occurrence_id, (start_on, condition_occurrence_id)) AS condition_era_id,
    person_id,
    condition_concept_id,
    min(start_on)                                                         AS condition_era_start_date,
    max(end_on)                                                           AS condition_era_end_date,
    count(*)                                                              AS condition_occurrence_count
FROM numbered
GROUP BY person_id, condition_concept_id, era
