-- One row per thoracic lesion, at least probable, on a PET/CT or contrast CT around the index date: is it
-- measurable? A node by its short axis, all else by its longest diameter; effusion and thickening never; a
-- size "< 10 mm" is below it.
WITH sized AS (
    SELECT
        examined.person_id,
        examined.measurement_id,
        examined.concept_id,
        examined.found_on,
        examined.lesion_kind,
        size.measurement_id                       AS size_measurement_id,
        size.measurement_concept_id               AS size_concept_id,
        size.value_as_number                      AS size_mm,
        coalesce(operator.concept_name, '') IN ('<', '<=') AS is_upper_bound,
        CASE examined.lesion_kind
            WHEN 'node' THEN setting.min_short_axis_mm
            ELSE setting.min_longest_diameter_mm
        END                                       AS limit_mm,
        row_number() OVER (
            PARTITION BY examined.measurement_id
            ORDER BY size.value_as_number DESC NULLS LAST, size.measurement_id ASC
        )                                         AS place
    FROM study.examined_lesion AS examined
    CROSS JOIN study.setting AS setting
    LEFT JOIN cdm.measurement AS size
        ON size.person_id = examined.person_id  -- the CDM has an index on this one only
        AND size.measurement_event_id = examined.measurement_id
        AND size.meas_event_field_concept_id = 1147138  -- measurement.measurement_id
        AND size.measurement_concept_id = CASE examined.lesion_kind
            WHEN 'node' THEN 2000000360                 -- Short axis of lymph node
            ELSE 3046581                                -- Size.maximum dimension in Tumor
        END
        AND size.value_as_number IS NOT NULL
    LEFT JOIN vocabulary.concept AS operator
        ON operator.concept_id = size.operator_concept_id
        AND operator.domain_id = 'Meas Value Operator'
)

SELECT
    person_id,
    measurement_id,
    concept_id,
    found_on,
    lesion_kind,
    size_measurement_id,
    size_concept_id,
    size_mm,
    CASE
        WHEN lesion_kind IN ('effusion', 'thickening') THEN 'unmeasurable'
        WHEN size_mm IS NULL THEN 'unsized'
        WHEN is_upper_bound AND size_mm <= limit_mm THEN 'small'
        WHEN is_upper_bound THEN 'unsized'
        WHEN size_mm >= limit_mm THEN 'measurable'
        ELSE 'small'
    END                                           AS judged
FROM sized
WHERE place = 1
