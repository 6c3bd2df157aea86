-- One row per distinct result text of the laboratory and the ward: operator, number and coded value
-- apart (trap 18). What is no number and no known word keeps its text alone; nothing is imputed.
WITH distinct_text AS (
    SELECT JG AS result_text FROM raw.LIS_JG WHERE fate = 'current' AND JG IS NOT NULL
    UNION
    SELECT JG AS result_text FROM raw.HL_SMTZ WHERE fate = 'current' AND JG IS NOT NULL
),

normal AS (
    SELECT
        result_text,
        replace(
            regexp_replace(
                -- "90↑": the mark of an abnormal result is no part of it.
                regexp_replace(replace(replace(half_width(result_text), '≥', '>='), '≤', '<='), '\s+|[↑↓]+$', '', 'g'),
                '[xX×*]10(?:\^|E\+?)?(\d+)$', 'E\1'
            ),
            ',', ''
        ) AS t
    FROM distinct_text
)

SELECT
    result_text,
    -- Without a number (a titre such as <1:10) the operator stays in the text.
    CASE
        WHEN regexp_full_match(t, '(<=|>=|<|>)[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?')
            THEN regexp_extract(t, '^(<=|>=|<|>)', 1)
    END                                                                    AS operator_text,
    CASE
        WHEN regexp_full_match(t, '(<=|>=|<|>)?[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?')
            THEN try_cast(regexp_replace(t, '^(<=|>=|<|>)', '') AS DOUBLE)
    END                                                                    AS value_number,
    CASE
        WHEN NOT regexp_full_match(t, '(<=|>=|<|>)?[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?')
            THEN upper(t)
    END                                                                    AS value_code
FROM normal
