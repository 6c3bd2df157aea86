-- One row per distinct strength text of a drug order ("240mg:6ml", "100mg(10ml)", "0.2g"): mg in one
-- piece, and mg in one ml where the volume is given.
WITH distinct_text AS (
    SELECT DISTINCT strength_text
    FROM stage.medical_order
    WHERE strength_text IS NOT NULL
),

parts AS (
    SELECT
        strength_text,
        regexp_extract(lower(half_width(strength_text)), '(\d+\.?\d*)\s*(mg|ug|μg|µg|g)', 1) AS mass,
        regexp_extract(lower(half_width(strength_text)), '(\d+\.?\d*)\s*(mg|ug|μg|µg|g)', 2) AS mass_unit,
        try_cast(regexp_extract(lower(half_width(strength_text)), '(\d+\.?\d*)\s*ml', 1) AS DOUBLE) AS ml
    FROM distinct_text
),

piece AS (
    SELECT
        strength_text,
        ml,
        try_cast(mass AS DOUBLE) * CASE mass_unit WHEN 'g' THEN 1000 WHEN 'mg' THEN 1 ELSE 0.001 END AS mg
    FROM parts
)

SELECT
    strength_text,
    mg                     AS mg_per_piece,
    mg / nullif(ml, 0)     AS mg_per_ml
FROM piece
