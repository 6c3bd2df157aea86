-- One row per person said to be dead: of several sources (follow-up, discharge, master index, text) the most
-- precise date wins, then the earliest; whether they disagree is kept beside it. A month-only date
-- becomes the month's last day, its precision stays. Visits, executed orders or samples later than 60
-- days after it withdraw the death (OMOP conventions; trap 27).
WITH said AS (
    SELECT
        18                                         AS source_no,
        row_id,
        person_id,
        source_date(death_text)                    AS told_on,
        date_precision(death_text)                 AS precision,
        cause_text
    FROM stage.follow_up
    WHERE reject_reason IS NULL AND death_text IS NOT NULL

    UNION ALL

    SELECT
        2                                          AS source_no,
        row_id,
        person_id,
        CAST(end_at AS DATE)                       AS told_on,
        'day'                                      AS precision,
        NULL                                       AS cause_text
    FROM stage.visit
    WHERE reject_reason IS NULL AND discharge_code = '5'

    UNION ALL

    SELECT
        1                                          AS source_no,
        row_id,
        person_id,
        source_date(death_text)                    AS told_on,
        date_precision(death_text)                 AS precision,
        NULL                                       AS cause_text
    FROM stage.master_index
    WHERE death_text IS NOT NULL AND person_id IS NOT NULL

    UNION ALL

    SELECT
        source_no,
        row_id,
        person_id,
        source_date(told_on)                       AS told_on,
        date_precision(told_on)                    AS precision,
        detail ->> '$.cause'                       AS cause_text
    FROM note.coded_fact
    WHERE code = 'DEATH' AND certainty IN ('definite', 'probable') AND told_on IS NOT NULL
),

dated AS (
    SELECT
        *,
        CASE precision
            WHEN 'day' THEN told_on
            WHEN 'month' THEN last_of_month(told_on)
            ELSE make_date(year(told_on), 12, 31)
        END                                        AS died_on,
        CASE precision WHEN 'day' THEN 1 WHEN 'month' THEN 2 ELSE 3 END AS vagueness
    FROM said
    WHERE told_on IS NOT NULL
),

best AS (
    SELECT
        dated.person_id,
        arg_min(source_no, (vagueness, died_on, source_no, row_id)) AS source_no,
        arg_min(row_id, (vagueness, died_on, source_no, row_id))    AS row_id,
        arg_min(died_on, (vagueness, died_on, source_no, row_id))   AS died_on,
        arg_min(precision, (vagueness, died_on, source_no, row_id)) AS precision,
        arg_min(cause_text, (vagueness, died_on, source_no, row_id)) FILTER (cause_text IS NOT NULL)
                                                                    AS cause_text,
        date_diff('day', min(died_on), max(died_on)) > 31           AS has_conflict
    FROM dated
    GROUP BY dated.person_id
),

last_activity AS (
    SELECT
        person_id,
        max(day) AS day
    FROM (
        SELECT person_id, CAST(start_at AS DATE) AS day
        FROM stage.visit
        WHERE reject_reason IS NULL
        UNION ALL
        SELECT person_id, CAST(start_at AS DATE) AS day
        FROM stem.order_execution
        WHERE not_carried_reason IS NULL
        UNION ALL
        SELECT person_id, CAST(sampled_at AS DATE) AS day
        FROM stage.lab_report
        WHERE reject_reason IS NULL
    ) AS activity
    GROUP BY person_id
)

SELECT
    best.source_no,
    best.row_id,
    best.person_id,
    best.died_on,
    best.precision,
    best.has_conflict,
    best.cause_text,
    CASE best.source_no
        WHEN 18 THEN 32879  -- Registry
        WHEN 13 THEN 32858  -- NLP
        ELSE 32817          -- EHR
    END                                                    AS type_concept_id,
    coalesce(cause.concept_id, 0)                          AS cause_concept_id,
    CASE
        WHEN person.reject_reason IS NOT NULL THEN 'patient rejected: ' || person.reject_reason
        WHEN last_activity.day > best.died_on + 60 THEN 'active more than 60 days later'
    END                                                    AS not_carried_reason
FROM best
INNER JOIN stage.person AS person ON person.person_id = best.person_id
LEFT JOIN last_activity ON last_activity.person_id = best.person_id
LEFT JOIN vocabulary.code_map AS cause
    ON cause.source_vocabulary_id = 'npc_death_cause'
    AND cause.source_code = normal_code(best.cause_text)
    AND cause.target_no = 0
