-- One row per distinct result text of the laboratory and the ward: operator, number and coded value
-- apart (trap 18). "阳性 12.5" is a word and a number, "<1:80" an operator and a titre; what is no
-- number and no known word keeps its text alone; nothing is imputed.
WITH distinct_text AS (
    SELECT JG AS result_text FROM raw.LIS_JG WHERE fate = 'current' AND JG IS NOT NULL
    UNION
    SELECT JG AS result_text FROM raw.HL_SMTZ WHERE fate = 'current' AND JG IS NOT NULL
),

-- Plain numbers are nearly all of them, and need no rewriting.
written AS (
    SELECT
        result_text,
        regexp_full_match(result_text, '\d+(\.\d+)?') AS is_plain
    FROM distinct_text
),

normal AS (
    SELECT
        result_text,
        regexp_replace(
            replace(
                regexp_replace(
                    -- "90↑", "12.5 H", "3.1 L": the mark of an abnormal result is no part of it ("1.5L" is litres).
                    regexp_replace(
                        regexp_replace(
                            translate(half_width(result_text), '﹤﹥〈〉≦≧：', '<><>≤≥:'),
                            '(\d)(\s*[Hh]|\s+[Ll])\s*$', '\1'
                        ),
                        '\s+|[↑↓]+$', '', 'g'
                    ),
                    '[xX×*]10(?:\^|E\+?)?(\d+)$', 'E\1'
                ),
                ',', ''
            ),
            -- The ward writes the unit behind the number; the unit column says it again.
            '^((?:[<>=≤≥]|大于|小于|约)*[\d.]+)(分|级|次/分|℃|°C|kg|公斤|千克|cm|厘米|mmHg)$', '\1'
        ) AS t
    FROM written
    WHERE NOT is_plain
),

parts AS (
    SELECT
        result_text,
        t,
        regexp_extract(
            t, '^(<=|>=|=<|=>|≤|≥|<|>|=|约|大于等于|小于等于|不低于|不高于|大于|小于|高于|低于)', 1
        ) AS sign,
        regexp_replace(
            t, '^(<=|>=|=<|=>|≤|≥|<|>|=|约|大于等于|小于等于|不低于|不高于|大于|小于|高于|低于)', ''
        ) AS rest
    FROM normal
),

-- A word with a number beside it: "阳性 12.5", "0.02阴性(-)", "12.5(+)". "3+" is a grade, and a titre is
-- no number.
sorted AS (
    SELECT
        *,
        regexp_full_match(rest, '[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?')     AS is_number,
        regexp_full_match(rest, '1:\d+')                                     AS is_titre,
        regexp_extract(rest, '^(弱?阳性|阴性)(\([+±-]+\))?(1:\d+|\(1:\d+\))$', 1) AS word_of_titre,
        regexp_extract(rest, '^(弱?阳性|阴性|未检出)(\([+±-]+\))?\(?([<>]=?)?\d+\.?\d*\)?$', 1) AS word_before,
        regexp_extract(rest, '^\d+\.?\d*(弱?阳性|阴性|未检出|\((弱?阳性|阴性|未检出|[+±-])\))', 1) AS word_behind,
        regexp_extract(rest, '([<>]=?)?\d+\.?\d*', 1)                       AS inner_sign,
        regexp_extract(rest, '\d+\.?\d*')                                  AS inner_number
    FROM parts
)

SELECT
    result_text,
    NULL                                  AS operator_text,
    CAST(result_text AS DOUBLE)           AS value_number,
    NULL                                  AS value_code
FROM written
WHERE is_plain

UNION ALL

SELECT
    result_text,
    CASE
        WHEN is_number OR is_titre
            THEN CASE
                WHEN sign IN ('<=', '=<', '≤', '小于等于', '不高于') THEN '<='
                WHEN sign IN ('>=', '=>', '≥', '大于等于', '不低于') THEN '>='
                WHEN sign IN ('<', '小于', '低于') THEN '<'
                WHEN sign IN ('>', '大于', '高于') THEN '>'
                ELSE nullif(sign, '')
            END
        WHEN word_before <> '' THEN nullif(inner_sign, '')
    END                                                                      AS operator_text,
    CASE
        WHEN is_number THEN try_cast(rest AS DOUBLE)
        WHEN word_before <> '' OR word_behind <> '' THEN try_cast(inner_number AS DOUBLE)
    END                                                                      AS value_number,
    CASE
        WHEN is_number THEN NULL
        WHEN is_titre THEN rest
        ELSE coalesce(nullif(word_of_titre, ''), nullif(word_before, ''), nullif(translate(word_behind, '()', ''), ''), upper(t))
    END                                                                      AS value_code
FROM sorted
