-- One row per distinct strength text of a drug order ("240mg:6ml", "100mg(10ml)", "20mg×10片", "5%250ml",
-- "10万IU"): the drug in one piece and in one ml, in mg or in IU; the ml in a piece; the pieces in a pack.
WITH distinct_text AS (
    SELECT DISTINCT strength_text
    FROM stage.medical_order
    WHERE strength_text IS NOT NULL
),

normal AS (
    SELECT
        strength_text,
        replace(replace(replace(replace(replace(replace(
            translate(lower(regexp_replace(half_width(strength_text), '\s+', '', 'g')), 'μµ', 'uu'),
            '毫克', 'mg'), '微克', 'ug'), '毫升', 'ml'), '克', 'g'), '国际单位', 'iu'), '单位', 'iu') AS t
    FROM distinct_text
),

parts AS (
    SELECT
        strength_text,
        t,
        try_cast(regexp_extract(t, '(\d+\.?\d*)(mg|ug|mcg|g)', 1) AS DOUBLE)
        * CASE regexp_extract(t, '(\d+\.?\d*)(mg|ug|mcg|g)', 2)
            WHEN 'g' THEN 1000
            WHEN 'mg' THEN 1
            ELSE 0.001
        END                                                                   AS mg,
        try_cast(regexp_extract(t, '(\d+\.?\d*)万?(axa)?(iu|u)', 1) AS DOUBLE)
        * CASE WHEN regexp_matches(t, '\d万(axa)?(iu|u)') THEN 10000 ELSE 1 END AS iu,
        try_cast(regexp_extract(t, '(\d+\.?\d*)%', 1) AS DOUBLE)              AS percent,
        try_cast(regexp_extract(t, '(\d+\.?\d*)ml', 1) AS DOUBLE)             AS ml,
        -- "10mg/ml" is a concentration; "10mg/1ml" and "10mg/支" are a piece.
        regexp_matches(t, '(g|u)/ml')                                         AS is_concentration,
        try_cast(
            coalesce(
                nullif(regexp_extract(t, '[x×*](\d+)(片|粒|支|袋|瓶|丸|枚|贴|s)', 1), ''),
                nullif(regexp_extract(t, '(\d+)(片|粒|支|袋|瓶|丸|枚|贴)/(盒|板|瓶)', 1), '')
            ) AS INTEGER
        )                                                                     AS pieces_per_pack
    FROM normal
),

measured AS (
    SELECT
        strength_text,
        ml,
        pieces_per_pack,
        is_concentration,
        -- A percentage is g in 100 ml; an amount beside it says the same ("0.9g:100ml(0.9%)").
        CASE
            WHEN mg IS NOT NULL OR (iu IS NULL AND percent IS NOT NULL) THEN 'mg'
            WHEN iu IS NOT NULL THEN 'IU'
        END                             AS strength_unit,
        coalesce(mg, iu)                AS amount,
        percent * 10                    AS mg_per_ml_of_percent
    FROM parts
)

SELECT
    strength_text,
    strength_unit,
    CASE
        WHEN amount IS NULL THEN mg_per_ml_of_percent * ml
        WHEN is_concentration THEN amount * ml
        ELSE amount
    END                                 AS amount_per_piece,
    CASE
        WHEN amount IS NULL THEN mg_per_ml_of_percent
        WHEN is_concentration THEN amount
        ELSE amount / nullif(ml, 0)
    END                                 AS amount_per_ml,
    ml                                  AS ml_per_piece,
    coalesce(pieces_per_pack, 1)        AS pieces_per_pack
FROM measured
