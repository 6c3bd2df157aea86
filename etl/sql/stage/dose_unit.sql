-- One row per distinct dose unit and strength text of a drug order: how much of which unit one of the
-- order's units is (trap 17). Mass becomes mg and activity IU, wherever unit or strength tells it;
-- a volume or a piece without a strength stays what it is.
WITH distinct_pair AS (
    SELECT DISTINCT
        dose_unit_text,
        strength_text
    FROM stage.medical_order
    WHERE is_drug AND dose_unit_text IS NOT NULL
),

kind AS (
    SELECT
        dose_unit_text,
        strength_text,
        unit,
        CASE
            WHEN unit IN ('mg', '毫克') THEN 1
            WHEN unit IN ('g', '克') THEN 1000
            WHEN unit IN ('ug', 'μg', 'µg', 'mcg', '微克') THEN 0.001
        END AS mg,
        CASE
            WHEN unit IN ('iu', 'u', '单位', '国际单位', 'axaiu') THEN 1
            WHEN unit IN ('万iu', '万u', '万单位') THEN 10000
        END AS iu,
        unit IN ('ml', '毫升') AS is_volume,
        unit IN ('支', '瓶', '片', '粒', '袋', '丸', '枚', '贴', '安瓿', '包', '针') AS is_piece,
        unit IN ('盒', '板') AS is_pack
    FROM (
        SELECT
            *,
            regexp_replace(lower(half_width(dose_unit_text)), '\s+', '', 'g') AS unit
        FROM distinct_pair
    ) AS written
),

sized AS (
    SELECT
        kind.*,
        strength.strength_unit,
        CASE
            WHEN kind.is_volume THEN strength.amount_per_ml
            WHEN kind.is_piece THEN strength.amount_per_piece
            WHEN kind.is_pack THEN strength.amount_per_piece * strength.pieces_per_pack
        END AS amount,
        CASE
            WHEN kind.is_volume THEN 1
            WHEN kind.is_piece THEN strength.ml_per_piece
            WHEN kind.is_pack THEN strength.ml_per_piece * strength.pieces_per_pack
        END AS ml
    FROM kind
    LEFT JOIN stage.drug_strength AS strength ON strength.strength_text = kind.strength_text
)

SELECT
    dose_unit_text,
    strength_text,
    coalesce(mg, iu, amount, ml, 1) AS factor,
    CASE
        WHEN mg IS NOT NULL THEN 'mg'
        WHEN iu IS NOT NULL THEN 'IU'
        WHEN amount IS NOT NULL THEN strength_unit
        WHEN ml IS NOT NULL THEN 'ml'
        ELSE unit
    END                             AS amount_unit
FROM sized
