-- One row per delivered fraction: its course. A replan or boost shares the course of its number and
-- site (trap 25); a plan whose name and target tell no site takes the only site of that number. After
-- 60 days without a fraction the same number begins another course: planned breaks and toxicity stay
-- below that, re-irradiation does not. A course takes its first fraction's event id.
WITH wording AS (
    SELECT
        plan_name,
        target_text,
        normal_code(concat_ws(' ', plan_name, target_text))   AS code
    FROM stage.rt_plan
    GROUP BY plan_name, target_text
),

wording_site AS (
    SELECT
        wording.plan_name,
        wording.target_text,
        arg_max(word.name, (length(word.code), word.code))    AS site
    FROM wording
    INNER JOIN vocabulary.codelist AS word
        ON word.codelist = 'rt_site' AND contains(wording.code, word.code)
    GROUP BY wording.plan_name, wording.target_text
),

plan AS (
    SELECT
        plan.row_id,
        plan.person_id,
        coalesce(normal_code(plan.course_text), '')           AS course_code,
        wording_site.site
    FROM stage.rt_plan AS plan
    LEFT JOIN wording_site
        ON wording_site.plan_name IS NOT DISTINCT FROM plan.plan_name
        AND wording_site.target_text IS NOT DISTINCT FROM plan.target_text
),

course_site AS (
    SELECT
        person_id,
        course_code,
        min(site)                                             AS site
    FROM plan
    GROUP BY person_id, course_code
    HAVING count(DISTINCT site) = 1
),

delivered AS (
    SELECT
        event_id(fraction.row_id, 15, 0)                      AS event_id,
        fraction.row_id,
        fraction.plan_row_id,
        fraction.person_id,
        fraction.treated_at,
        fraction.delivered_gy,
        plan.course_code,
        coalesce(plan.site, course_site.site)                 AS site
    FROM stage.rt_fraction AS fraction
    INNER JOIN plan ON plan.row_id = fraction.plan_row_id
    LEFT JOIN course_site
        ON course_site.person_id = plan.person_id AND course_site.course_code = plan.course_code
    WHERE
        fraction.reject_reason IS NULL
        AND fraction.status_text IN ('COMPLETED', 'PARTIAL')
        AND NOT coalesce(fraction.is_on_dead_plan, FALSE)
        AND fraction.treated_at IS NOT NULL
),

marked AS (
    SELECT
        *,
        CASE
            WHEN date_diff('day', lag(treated_at) OVER in_order, treated_at) <= 60 THEN 0
            ELSE 1
        END                                                   AS is_start
    FROM delivered
    WINDOW in_order AS (PARTITION BY person_id, course_code, site ORDER BY treated_at, row_id)
),

numbered AS (
    SELECT
        *,
        sum(is_start) OVER (
            PARTITION BY person_id, course_code, site ORDER BY treated_at, row_id
        )                                                     AS part
    FROM marked
)

SELECT
    event_id,
    row_id,
    plan_row_id,
    person_id,
    treated_at,
    delivered_gy,
    site,
    first_value(event_id) OVER course                         AS course_id,
    first_value(row_id) OVER course                           AS course_row_id
FROM numbered
WINDOW course AS (PARTITION BY person_id, course_code, site, part ORDER BY treated_at, row_id)
