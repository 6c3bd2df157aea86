-- One row per radiotherapy course: dose and fractions as delivered, site, intent and technique of its
-- first plan, and the primary cancer that it treats: that of its site, else the one diagnosed last
-- before it began.
WITH course AS (
    SELECT
        fraction.course_id,
        min(fraction.course_row_id)                           AS course_row_id,
        min(fraction.person_id)                               AS person_id,
        min(fraction.treated_at)                              AS start_at,
        max(fraction.treated_at)                              AS end_at,
        round(sum(fraction.delivered_gy), 3)                  AS dose_gy,
        count(*)                                              AS fractions,
        min(fraction.site)                                    AS site,
        arg_min(plan.intent_text, (fraction.treated_at, fraction.row_id))    AS intent_text,
        arg_min(plan.technique_text, (fraction.treated_at, fraction.row_id)) AS technique_text,
        arg_min(
            concat_ws(' ', plan.course_text, plan.plan_name, plan.target_text),
            (fraction.treated_at, fraction.row_id)
        )                                                     AS source_value
    FROM stem.rt_course_fraction AS fraction
    INNER JOIN stage.rt_plan AS plan ON plan.row_id = fraction.plan_row_id
    GROUP BY fraction.course_id
),

ranked AS (
    SELECT
        course.course_id,
        known.condition_id,
        rank() OVER (
            PARTITION BY course.course_id
            ORDER BY
                CASE
                    WHEN course.site = 'nasopharynx' AND known.category = 'C11' THEN 0
                    WHEN course.site = 'lung primary' AND known.category = 'C34' THEN 0
                    ELSE 1
                END,
                known.first_on DESC
        )                                                     AS place
    FROM course
    INNER JOIN stem.primary_cancer AS known
        ON known.person_id = course.person_id AND known.first_on <= CAST(course.end_at AS DATE)
),

treated AS (
    SELECT
        course_id,
        min(condition_id)                                     AS condition_id
    FROM ranked
    WHERE place = 1
    GROUP BY course_id
    HAVING count(*) = 1
)

SELECT
    course.*,
    treated.condition_id,
    coalesce(technique.concept_id, 0)                         AS concept_id
FROM course
LEFT JOIN treated ON treated.course_id = course.course_id
LEFT JOIN vocabulary.code_map AS technique
    ON technique.source_vocabulary_id = 'npc_rt_technique'
    AND technique.source_code = normal_code(course.technique_text)
    AND technique.target_no = 0
