-- One row per index event: the baseline of body and blood: KPS, ECOG, BMI, EBV DNA with its unit (copies and IU are
-- never pooled), LDH, albumin, neutrophil to lymphocyte ratio, hepatitis B surface antigen.
SELECT
    event.person_id,
    max(CASE WHEN result.item = 'kps' THEN result.amount END) AS kps,
    max(CASE WHEN result.item = 'ecog' THEN result.amount END) AS ecog,
    CAST(
        CAST(
            max(CASE WHEN result.item = 'weight' AND result.ucum_unit = 'kg' THEN result.amount END)
            / nullif(
                power(max(CASE WHEN result.item = 'height' AND result.ucum_unit = 'cm' THEN result.amount END) / 100.0, 2), 0
            ) AS NUMERIC(18, 1)
        ) AS DOUBLE PRECISION
    )                                             AS bmi,
    max(CASE WHEN result.item = 'ebv_dna' THEN result.amount END) AS ebv_dna,
    max(CASE WHEN result.item = 'ebv_dna' THEN result.operator END) AS ebv_dna_operator,
    max(CASE WHEN result.item = 'ebv_dna' THEN result.ucum_unit END) AS ebv_dna_unit,
    max(CASE WHEN result.item = 'ldh' THEN result.amount END) AS ldh_u_per_l,
    max(CASE WHEN result.item = 'albumin' THEN result.amount END) AS albumin_g_per_l,
    CAST(
        CAST(
            max(CASE WHEN result.item = 'anc' THEN result.amount END)
            / nullif(max(CASE WHEN result.item = 'lymphocyte' THEN result.amount END), 0) AS NUMERIC(18, 2)
        ) AS DOUBLE PRECISION
    )                                             AS neutrophil_lymphocyte_ratio,
    max(antigen.hbsag)                            AS hbsag
FROM study.index_event AS event
LEFT JOIN study.baseline_measurement AS result ON result.person_id = event.person_id
LEFT JOIN (
    -- The last result on or before the index date with a word.
    SELECT
        ranked.person_id,
        ranked.hbsag
    FROM (
        SELECT
            indexed.person_id,
            answer.concept_name                   AS hbsag,
            row_number() OVER (
                PARTITION BY indexed.person_id
                ORDER BY test.measurement_date DESC, test.measurement_id DESC
            )                                     AS place
        FROM study.index_event AS indexed
        INNER JOIN cdm.measurement AS test
            ON test.person_id = indexed.person_id AND test.measurement_date <= indexed.index_on
        INNER JOIN vocabulary.codelist AS listed
            ON listed.concept_id = test.measurement_concept_id AND listed.codelist = 'hbsag'
        INNER JOIN vocabulary.concept AS answer
            ON answer.concept_id = test.value_as_concept_id AND answer.concept_id <> 0
    ) AS ranked
    WHERE ranked.place = 1
) AS antigen ON antigen.person_id = event.person_id
GROUP BY event.person_id
