-- One row per index event: organ function adequate? One failing component decides, even if others are
-- missing; the value names the components that decided.
SELECT
    person_id,
    'i6'                                          AS criterion,
    answer,
    CASE
        WHEN answer = 'met' THEN 'all components adequate'
        ELSE string_agg(
            CASE WHEN component_answer = answer THEN item || ': ' || value END, '; ' ORDER BY item
        )
    END                                           AS value,
    max(CASE WHEN component_answer = answer THEN measured_on END) AS found_on,
    'day'                                         AS date_precision
FROM (
    SELECT
        component.person_id,
        component.item,
        component.answer                          AS component_answer,
        component.value,
        component.measured_on,
        CASE
            WHEN bool_or(component.answer = 'not met') OVER person THEN 'not met'
            WHEN bool_or(component.answer = 'unknown') OVER person THEN 'unknown'
            ELSE 'met'
        END                                       AS answer
    FROM study.organ_function AS component
    WINDOW person AS (PARTITION BY component.person_id)
) AS judged
GROUP BY person_id, answer
