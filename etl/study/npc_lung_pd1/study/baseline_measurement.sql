-- One row per index event and baseline item (KPS, ECOG, laboratory value, weight, height): the latest result in
-- the item's window, that is the latest on or before the index date and, where there is none, the
-- earliest after it. Only results with a number count (none of these items is negative or reaches
-- 10^9); the date of a sample is when it was drawn.
WITH item AS (
    SELECT
        listed.codelist                       AS item,
        listed.concept_id,
        CASE
            WHEN listed.codelist IN ('kps', 'ecog') THEN setting.performance_days_before
            WHEN listed.codelist = 'height' THEN setting.height_days_before
            ELSE setting.organ_days_before
        END                                   AS days_before,
        CASE
            WHEN listed.codelist IN ('kps', 'ecog') THEN setting.performance_days_after
            ELSE setting.organ_days_after
        END                                   AS days_after
    FROM vocabulary.codelist AS listed
    CROSS JOIN study.setting AS setting
    WHERE
        listed.codelist IN (
            'kps', 'ecog', 'anc', 'plt', 'hb', 'tbil', 'alt', 'ast', 'creatinine', 'weight', 'height',
            'ebv_dna', 'ldh', 'albumin', 'lymphocyte'
        )
),

in_window AS (
    SELECT
        event.person_id,
        item.item,
        result.measurement_id,
        result.measurement_concept_id         AS concept_id,
        result.measurement_date               AS measured_on,
        result.value_as_number                AS amount,
        operator.concept_name                 AS operator,
        unit.concept_code                     AS ucum_unit,
        result.range_high,
        row_number() OVER (
            PARTITION BY event.person_id, item.item
            ORDER BY
                CASE WHEN result.measurement_date <= event.index_on THEN 0 ELSE 1 END,
                abs(event.index_on - result.measurement_date),
                CASE
                    WHEN result.measurement_date <= event.index_on THEN result.measurement_datetime
                END DESC NULLS LAST,
                CASE
                    WHEN result.measurement_date > event.index_on THEN result.measurement_datetime
                END ASC NULLS LAST,
                result.measurement_id DESC
        )                                     AS place
    FROM study.index_event AS event
    CROSS JOIN item
    INNER JOIN cdm.measurement AS result
        ON result.person_id = event.person_id
        AND result.measurement_concept_id = item.concept_id
        AND result.measurement_date BETWEEN event.index_on - item.days_before
        AND event.index_on + item.days_after
    LEFT JOIN vocabulary.concept AS operator
        ON operator.concept_id = result.operator_concept_id
        AND operator.domain_id = 'Meas Value Operator'
    LEFT JOIN vocabulary.concept AS unit
        ON unit.concept_id = result.unit_concept_id AND unit.vocabulary_id = 'UCUM'
    WHERE result.value_as_number >= 0 AND result.value_as_number < 1e9
)

SELECT
    person_id,
    item,
    measurement_id,
    concept_id,
    measured_on,
    amount,
    operator,
    ucum_unit,
    range_high
FROM in_window
WHERE place = 1
