-- One row per distinct reference-range text: its low and its high end ("1.8--6.3", "-3～3", "≤23 μmol/L").
WITH distinct_text AS (
    SELECT DISTINCT CKFW AS range_text
    FROM raw.LIS_JG
    WHERE fate = 'current' AND CKFW IS NOT NULL
),

normal AS (
    SELECT
        range_text,
        -- A unit behind the range says nothing new.
        regexp_replace(
            regexp_replace(half_width(range_text), '\s+', '', 'g'),
            '^([<>=≤≥]*-?[\d.]+(?:(?:-{1,2}|~|—|–|至)-?[\d.]+)?)[×xX*a-zA-Zμµ%/(].*$', '\1'
        ) AS t
    FROM distinct_text
)

SELECT
    range_text,
    CASE
        WHEN regexp_full_match(t, '-?[\d.]+(-{1,2}|~|—|–|至)-?[\d.]+')
            THEN try_cast(regexp_extract(t, '^(-?[\d.]+)', 1) AS DOUBLE)
        WHEN regexp_full_match(t, '(>=|>|≥)[\d.]+')
            THEN try_cast(regexp_extract(t, '([\d.]+)$', 1) AS DOUBLE)
    END AS range_low,
    CASE
        WHEN regexp_full_match(t, '-?[\d.]+(-{1,2}|~|—|–|至)-?[\d.]+')
            THEN try_cast(regexp_extract(t, '(?:-{1,2}|~|—|–|至)(-?[\d.]+)$', 1) AS DOUBLE)
        WHEN regexp_full_match(t, '(<=|<|≤)[\d.]+')
            THEN try_cast(regexp_extract(t, '([\d.]+)$', 1) AS DOUBLE)
    END AS range_high
FROM normal
