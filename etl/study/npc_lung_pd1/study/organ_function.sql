-- One row per index event and component of organ function (i6): met, not met or unknown. The upper
-- limit of normal is the result's own range, whose unit is the result's; without one it is the sex's.
-- A result "< 5" says at most 5, a result "> 500" at least 500.
WITH component(item, unit_text) AS (
    VALUES
        ('anc', '10*9/L'),
        ('plt', '10*9/L'),
        ('hb', 'g/L'),
        ('tbil', 'umol/L'),
        ('alt', 'U/L'),
        ('ast', 'U/L'),
        ('creatinine', 'umol/L')
),

-- What one unit of a result is worth in the component's own unit.
factor AS (
    SELECT
        listed.item,
        listed.ucum_unit,
        CASE listed.factor_name
            WHEN 'creatinine' THEN setting.creatinine_umol_per_l_in_mg_per_dl
            WHEN 'tbil' THEN setting.tbil_umol_per_l_in_mg_per_dl
            ELSE CAST(listed.factor_name AS DOUBLE PRECISION)
        END                                       AS factor
    FROM (
        VALUES
            ('anc', '10*9/L', '1'),
            ('anc', '10*3/uL', '1'),
            ('anc', '10*3/mm3', '1'),
            ('anc', '/uL', '0.001'),
            ('plt', '10*9/L', '1'),
            ('plt', '10*3/uL', '1'),
            ('plt', '10*3/mm3', '1'),
            ('plt', '/uL', '0.001'),
            ('hb', 'g/L', '1'),
            ('hb', 'g/dL', '10'),
            ('tbil', 'umol/L', '1'),
            ('tbil', 'mg/dL', 'tbil'),
            ('alt', '[U]/L', '1'),
            ('alt', '[iU]/L', '1'),
            ('ast', '[U]/L', '1'),
            ('ast', '[iU]/L', '1'),
            ('creatinine', 'umol/L', '1'),
            ('creatinine', 'mg/dL', 'creatinine')
    ) AS listed(item, ucum_unit, factor_name)
    CROSS JOIN study.setting AS setting
),

patient AS (
    SELECT
        event.person_id,
        event.index_on,
        CASE person.gender_concept_id
            WHEN 8507 THEN 'male'
            WHEN 8532 THEN 'female'
        END                                       AS sex,
        -- Completed years; in the month of the birthday it counts as reached.
        (
            extract(YEAR FROM event.index_on) * 12 + extract(MONTH FROM event.index_on)
            - person.year_of_birth * 12 - coalesce(person.month_of_birth, 7)
        ) / 12.0                                  AS age_years,
        weight.measurement_id                     AS weight_measurement_id,
        weight.amount                             AS weight_kg,
        liver.person_id IS NOT NULL               AS has_liver_metastasis
    FROM study.index_event AS event
    INNER JOIN cdm.person AS person ON person.person_id = event.person_id
    LEFT JOIN study.baseline_measurement AS weight
        ON weight.person_id = event.person_id
        AND weight.item = 'weight'
        AND weight.ucum_unit = 'kg'
        AND weight.amount > 0
    LEFT JOIN (
        SELECT DISTINCT found.person_id
        FROM study.metastasis AS found
        INNER JOIN study.index_event AS event ON event.person_id = found.person_id
        CROSS JOIN study.setting AS setting
        WHERE
            found.is_liver
            AND found.found_on <= event.index_on
            AND (found.evidence_level <> 'code' OR setting.code_only_qualifies)
    ) AS liver ON liver.person_id = event.person_id
),

limited AS (
    SELECT
        patient.person_id,
        patient.sex,
        patient.age_years,
        patient.weight_measurement_id,
        patient.weight_kg,
        component.item,
        component.unit_text,
        result.measurement_id,
        result.concept_id,
        result.measured_on,
        result.amount,
        result.operator,
        result.amount * factor.factor             AS converted,
        result.range_high > 0                     AS has_own_range,
        CASE component.item
            WHEN 'anc' THEN setting.min_anc_10e9_per_l
            WHEN 'plt' THEN setting.min_plt_10e9_per_l
            WHEN 'hb' THEN setting.min_hb_g_per_l
        END                                       AS lower_limit,
        CASE
            WHEN component.item = 'tbil' THEN setting.max_tbil_uln
            WHEN component.item = 'creatinine' THEN setting.max_creatinine_uln
            WHEN component.item IN ('alt', 'ast') AND patient.has_liver_metastasis
                THEN setting.max_transaminase_uln_liver_metastasis
            WHEN component.item IN ('alt', 'ast') THEN setting.max_transaminase_uln
        END
        * CASE
            WHEN result.range_high > 0 THEN result.range_high
            WHEN component.item = 'tbil' AND patient.sex = 'male'
                THEN setting.tbil_uln_male_umol_per_l
            WHEN component.item = 'tbil' AND patient.sex = 'female'
                THEN setting.tbil_uln_female_umol_per_l
            WHEN component.item = 'alt' AND patient.sex = 'male' THEN setting.alt_uln_male_u_per_l
            WHEN component.item = 'alt' AND patient.sex = 'female'
                THEN setting.alt_uln_female_u_per_l
            WHEN component.item = 'ast' AND patient.sex = 'male' THEN setting.ast_uln_male_u_per_l
            WHEN component.item = 'ast' AND patient.sex = 'female'
                THEN setting.ast_uln_female_u_per_l
            WHEN component.item = 'creatinine' AND patient.sex = 'male'
                THEN setting.creatinine_uln_male_umol_per_l
            WHEN component.item = 'creatinine' AND patient.sex = 'female'
                THEN setting.creatinine_uln_female_umol_per_l
        END                                       AS upper_limit
    FROM patient
    CROSS JOIN component
    CROSS JOIN study.setting AS setting
    LEFT JOIN study.baseline_measurement AS result
        ON result.person_id = patient.person_id AND result.item = component.item
    LEFT JOIN factor ON factor.item = component.item AND factor.ucum_unit = result.ucum_unit
),

compared AS (
    SELECT
        limited.*,
        -- The amount to compare: as reported against the own range, converted against all else.
        CASE
            WHEN lower_limit IS NULL AND has_own_range THEN amount
            ELSE converted
        END                                       AS compared_amount,
        CASE
            WHEN item = 'creatinine' AND operator IS NULL
                THEN (140 - floor(age_years)) * weight_kg
                    / (72 * nullif(converted, 0) / setting.creatinine_umol_per_l_in_mg_per_dl)
                    * CASE sex WHEN 'male' THEN 1 WHEN 'female' THEN 0.85 END
        END                                       AS clearance_ml_per_min
    FROM limited
    CROSS JOIN study.setting AS setting
),

judged AS (
    SELECT
        compared.*,
        -- One part in 10^9: the rounding of a product must not decide.
        CASE
            WHEN compared_amount IS NULL THEN 'unknown'
            WHEN lower_limit IS NOT NULL AND compared_amount >= lower_limit - 1e-9
                THEN CASE WHEN operator IN ('<', '<=') THEN 'unknown' ELSE 'met' END
            WHEN lower_limit IS NOT NULL
                THEN CASE WHEN operator IN ('>', '>=') THEN 'unknown' ELSE 'not met' END
            WHEN upper_limit IS NULL THEN 'unknown'
            WHEN compared_amount <= upper_limit + 1e-9
                THEN CASE WHEN operator IN ('>', '>=') THEN 'unknown' ELSE 'met' END
            ELSE CASE WHEN operator IN ('<', '<=') THEN 'unknown' ELSE 'not met' END
        END                                       AS by_limit
    FROM compared
)

SELECT
    judged.person_id,
    judged.item,
    CASE
        WHEN judged.item <> 'creatinine' OR judged.by_limit = 'met' THEN judged.by_limit
        WHEN judged.measurement_id IS NULL THEN 'unknown'
        WHEN judged.clearance_ml_per_min >= setting.min_creatinine_clearance_ml_per_min - 1e-9
            THEN 'met'
        WHEN judged.clearance_ml_per_min < setting.min_creatinine_clearance_ml_per_min
            THEN judged.by_limit
        ELSE 'unknown'
    END                                           AS answer,
    CASE
        WHEN judged.measurement_id IS NULL THEN 'no result in the window'
        WHEN judged.compared_amount IS NULL THEN 'unit not known'
        WHEN judged.lower_limit IS NULL AND judged.upper_limit IS NULL
            THEN 'no upper limit: no range and no sex'
        ELSE concat(
            coalesce(judged.operator || ' ', ''),
            CAST(CAST(judged.compared_amount AS DECIMAL(18, 2)) AS VARCHAR),
            CASE
                WHEN judged.lower_limit IS NULL AND judged.has_own_range THEN ''
                ELSE ' ' || judged.unit_text
            END,
            CASE
                WHEN judged.lower_limit IS NOT NULL
                    THEN ', at least ' || CAST(CAST(judged.lower_limit AS DECIMAL(18, 2)) AS VARCHAR)
                ELSE ', at most ' || CAST(CAST(judged.upper_limit AS DECIMAL(18, 2)) AS VARCHAR)
            END,
            CASE
                WHEN judged.item <> 'creatinine' OR judged.by_limit = 'met' THEN ''
                WHEN judged.weight_kg IS NULL THEN ', no weight for the clearance'
                WHEN judged.clearance_ml_per_min IS NOT NULL
                    THEN ', clearance '
                        || CAST(CAST(judged.clearance_ml_per_min AS DECIMAL(18, 2)) AS VARCHAR)
                        || ' mL/min'
                ELSE ''
            END
        )
    END                                           AS value,
    judged.measurement_id,
    judged.concept_id,
    judged.measured_on,
    CASE
        WHEN judged.item = 'creatinine' AND judged.by_limit <> 'met'
            THEN judged.weight_measurement_id
    END                                           AS weight_measurement_id
FROM judged
CROSS JOIN study.setting AS setting
