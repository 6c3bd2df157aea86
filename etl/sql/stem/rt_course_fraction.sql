-- One row per delivered fraction: its course. A replan or boost shares the course of its number and
-- site (trap 25); a plan whose name and target tell no site takes the only site of that number. The
-- name of the disease (NPC, 肺癌) tells a site only where no other word does (trap 26). After
-- 60 days without a fraction the same number begins another course: planned breaks and toxicity stay
-- below that, re-irradiation does not. A course takes its first fraction's event id.
WITH wording AS (
    SELECT
        plan_name,
        target_text,
        normal_code(concat_ws(' ', plan_name, target_text))   AS code,
        regexp_replace(
            normal_code(concat_ws(' ', plan_name, target_text)), 'NPC|鼻咽癌|LUNGCA|NSCLC|肺癌', ' ', 'g'
        )                                                     AS code_of_place
    FROM stage.rt_plan
    GROUP BY plan_name, target_text
),

wording_site AS (
    SELECT
        word.plan_name,
        word.target_text,
        CASE
            -- The lung of a lung cancer is the primary; its bone is not.
            WHEN bool_or(word.name = 'lung primary') AND arg_max(word.name, word_rank) = 'lung' THEN 'lung primary'
            ELSE arg_max(word.name, word_rank)
        END                                                   AS site
    FROM (
        SELECT
            wording.plan_name,
            wording.target_text,
            word.name,
            (contains(wording.code_of_place, word.code), length(word.code), word.code) AS word_rank
        FROM wording
        INNER JOIN vocabulary.codelist AS word
            ON word.codelist = 'rt_site' AND contains(wording.code, word.code)
    ) AS word
    GROUP BY word.plan_name, word.target_text
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
