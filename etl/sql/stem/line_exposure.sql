-- One row per anticancer exposure: its line of treatment and its cycle.
-- A line begins when an agent begins: given for the first time, or after a gap of its own, or taken up
-- again after a recorded progression. Agents that begin shortly after one another begin one line;
-- leaving one out (maintenance) and exchanging one within its class begin none.
WITH rule AS (
    SELECT
        -- A three-weekly cycle and a week's delay: what begins within it belongs to the same plan.
        28 AS days_to_combine,
        -- Three months without the agent: longer than any planned break (surgery, radiotherapy alone).
        90 AS days_without_agent,
        -- Day 8 of one cycle and day 1 of the next are 13 days apart, days 1, 8 and 15 only seven.
        10 AS days_without_drug
),

progression AS (
    SELECT DISTINCT
        person_id,
        CAST(start_at AS DATE) AS progressed_on
    FROM stem.tumour_annex
    WHERE code = 'RECIST:PD'
),

spell AS (
    SELECT
        *,
        max(end_on) OVER (
            PARTITION BY person_id, agent
            ORDER BY given_on, event_id
            ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
        ) AS last_on
    FROM stem.anticancer_exposure
),

agent_start AS (
    SELECT DISTINCT
        spell.person_id,
        spell.given_on
    FROM spell
    CROSS JOIN rule
    LEFT JOIN progression
        ON progression.person_id = spell.person_id
        AND progression.progressed_on BETWEEN spell.last_on AND spell.given_on
        AND date_diff('day', spell.last_on, spell.given_on) > rule.days_to_combine
    WHERE
        spell.last_on IS NULL
        OR date_diff('day', spell.last_on, spell.given_on) > rule.days_without_agent
        OR progression.person_id IS NOT NULL
),

line_start AS (
    SELECT
        person_id,
        given_on
    FROM (
        SELECT
            agent_start.person_id,
            agent_start.given_on,
            date_diff(
                'day',
                lag(agent_start.given_on) OVER (
                    PARTITION BY agent_start.person_id ORDER BY agent_start.given_on
                ),
                agent_start.given_on
            ) AS days_since,
            rule.days_to_combine
        FROM agent_start
        CROSS JOIN rule
    ) AS begun
    WHERE coalesce(days_since > days_to_combine, TRUE)
),

treatment_day AS (
    SELECT
        day.person_id,
        day.given_on,
        sum(CASE WHEN line_start.person_id IS NULL THEN 0 ELSE 1 END) OVER (
            PARTITION BY day.person_id ORDER BY day.given_on
        ) AS line_no
    FROM (SELECT DISTINCT person_id, given_on FROM stem.anticancer_exposure) AS day
    LEFT JOIN line_start
        ON line_start.person_id = day.person_id AND line_start.given_on = day.given_on
),

marked_day AS (
    SELECT
        treatment_day.*,
        CASE
            WHEN date_diff(
                'day',
                lag(treatment_day.given_on) OVER (
                    PARTITION BY treatment_day.person_id, treatment_day.line_no
                    ORDER BY treatment_day.given_on
                ),
                treatment_day.given_on
            ) <= rule.days_without_drug THEN 0
            ELSE 1
        END AS is_cycle_start
    FROM treatment_day
    CROSS JOIN rule
),

cycle_day AS (
    SELECT
        person_id,
        given_on,
        line_no,
        sum(is_cycle_start) OVER (PARTITION BY person_id, line_no ORDER BY given_on) AS cycle_no
    FROM marked_day
)

SELECT
    exposure.event_id,
    exposure.person_id,
    exposure.visit_id,
    exposure.given_on,
    exposure.end_on,
    exposure.ingredient,
    exposure.agent,
    exposure.kind,
    CAST(cycle_day.line_no AS INTEGER)       AS line_no,
    CAST(cycle_day.cycle_no AS INTEGER)      AS cycle_no,
    first_value(exposure.event_id) OVER line AS line_id,
    -- A line and its first cycle begin with the same exposure: the cycle's id is 700 further.
    700 + first_value(exposure.event_id) OVER cycle AS cycle_id,
    -- What begins within four weeks of the line is its plan; what comes later belongs to it all the same.
    date_diff('day', first_value(exposure.given_on) OVER line, exposure.given_on) <= rule.days_to_combine
                                             AS is_of_plan
FROM stem.anticancer_exposure AS exposure
CROSS JOIN rule
INNER JOIN cycle_day
    ON cycle_day.person_id = exposure.person_id AND cycle_day.given_on = exposure.given_on
WINDOW
    line AS (
        PARTITION BY exposure.person_id, cycle_day.line_no
        ORDER BY exposure.given_on, exposure.event_id
    ),
    cycle AS (
        PARTITION BY exposure.person_id, cycle_day.line_no, cycle_day.cycle_no
        ORDER BY exposure.given_on, exposure.event_id
    )
