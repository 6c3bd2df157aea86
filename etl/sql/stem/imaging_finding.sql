-- One row per thing that an imaging report states of a tumour lesion: the lesion itself (metastasis,
-- primary tumour, recurrence), which modifies the visit's primary cancer, and what is told of it (longest
-- diameter, a node's short axis, SUVmax, number, change), which points at the lesion. Only what is at
-- least probable; a report has room for 14 lesions, metastases first, further ones stay in note_nlp.
WITH lesion AS (
    SELECT
        *,
        row_number() OVER (
            PARTITION BY row_id ORDER BY CASE nature WHEN 'metastasis' THEN 0 ELSE 1 END, fact_no
        )                                     AS place,
        greatest(
            CAST(detail ->> '$.size_mm[0]' AS DOUBLE),
            CAST(detail ->> '$.size_mm[1]' AS DOUBLE),
            CAST(detail ->> '$.size_mm[2]' AS DOUBLE)
        )                                     AS longest_mm,
        CAST(detail ->> '$.short_axis_mm' AS DOUBLE) AS short_axis_mm,
        detail ->> '$.size_mm[1]' IS NULL     AS is_one_dimension,
        -- The depth of an effusion is no lesion's size.
        value IN ('effusion', 'thickening')   AS is_unmeasurable,
        CASE detail ->> '$.size_limit' WHEN '<' THEN '<' END AS operator_text
    FROM note.coded_fact
    WHERE source_no = 11 AND type = 'finding' AND certainty IN ('definite', 'probable')
),

item AS (
    SELECT
        lesion.*,
        unnest([
            {'no': 1, 'code': lesion.code, 'number': NULL, 'unit': NULL, 'text': lesion.value},
            {
                'no': 2, 'code': 'LESION_SIZE', 'unit': 'mm', 'text': NULL,
                -- One number of a node is its short axis.
                'number': CASE
                    WHEN NOT is_unmeasurable AND NOT (short_axis_mm IS NOT NULL AND is_one_dimension) THEN longest_mm
                END
            },
            {
                'no': 3, 'code': 'SHORT_AXIS', 'unit': 'mm', 'text': NULL,
                'number': CASE WHEN NOT is_unmeasurable THEN short_axis_mm END
            },
            {
                'no': 4, 'code': 'SUV_MAX', 'unit': NULL, 'text': NULL,
                'number': CAST(lesion.detail ->> '$.suv_max' AS DOUBLE)
            },
            {
                'no': 5, 'code': 'LESION_NUMBER', 'unit': NULL,
                'text': CASE WHEN lesion.detail ->> '$.multiple' = 'true' THEN 'multiple' END,
                'number': CAST(lesion.detail ->> '$.number' AS DOUBLE)
            },
            {
                'no': 6, 'code': 'LESION_TREND', 'unit': NULL, 'text': lesion.detail ->> '$.trend',
                'number': NULL
            }
        ])                                    AS told
    FROM lesion
    WHERE place <= 14
)

SELECT
    11                                        AS source_no,
    item.row_id,
    text_position(6 * (item.place - 1) + item.told.no) AS position,
    item.person_id,
    item.visit_id,
    item.noted_at                             AS start_at,
    'Measurement'                             AS domain_id,
    CASE WHEN item.told.no = 1 THEN item.vocabulary ELSE 'npc_note_fact' END AS vocabulary,
    item.told.code                            AS code,
    item.fact_text                            AS source_value,
    32841                                     AS type_concept_id,  -- EHR radiology report
    CASE WHEN item.told.no = 1 THEN 'PRESENT' END AS value_code,
    item.told.number                          AS value_number,
    CASE WHEN item.told.no IN (2, 3) THEN item.operator_text END AS operator_text,
    item.told.unit                            AS unit_text,
    item.told.text                            AS value_source,
    CASE
        WHEN item.told.no = 1 THEN cancer.condition_id
        ELSE event_id(item.row_id, 11, 10 * text_position(6 * (item.place - 1) + 1))
    END                                       AS linked_id,
    CASE
        WHEN item.told.no = 1 AND cancer.condition_id IS NULL THEN NULL
        WHEN item.told.no = 1 THEN 1147127    -- condition_occurrence.condition_occurrence_id
        WHEN item.nature = 'recurrence' THEN 1147165  -- observation.observation_id
        ELSE 1147138                          -- measurement.measurement_id
    END                                       AS linked_field_concept_id
FROM item
LEFT JOIN stem.visit_primary AS cancer ON cancer.visit_id = item.visit_id
WHERE item.told.no = 1 OR item.told.number IS NOT NULL OR item.told.text IS NOT NULL
