-- One row per laboratory result, placed by its sampling time (trap 21). A negative number where the
-- quantity has none is no result: the text is kept, the number is not (stem.impossible_value counts).
SELECT
    10                                        AS source_no,
    result.row_id,
    0                                         AS position,
    result.person_id,
    result.visit_id,
    result.sampled_at                         AS start_at,
    'Measurement'                             AS domain_id,
    'npc_lab'                                 AS vocabulary,
    item.map_code                             AS code,
    coalesce(result.item_name, result.item_code) AS source_value,
    32856                                     AS type_concept_id,  -- Lab
    CASE WHEN value.value_number >= 0 OR item.may_be_negative THEN value.value_number END AS value_number,
    CASE
        WHEN value.value_number < 0 AND NOT item.may_be_negative THEN NULL
        ELSE value.operator_text
    END                                       AS operator_text,
    value.value_code,
    result.result_text                        AS value_source,
    result.unit_text,
    span.range_low,
    span.range_high
-- Not stored, like stage.lab_result: stem.event writes these rows.
FROM stage.lab_result AS result
LEFT JOIN stage.lab_item AS item
    ON item.item_code IS NOT DISTINCT FROM result.item_code
    AND item.item_name IS NOT DISTINCT FROM result.item_name
    AND item.unit_text IS NOT DISTINCT FROM result.unit_text
    AND item.fluid IS NOT DISTINCT FROM result.fluid
LEFT JOIN stage.result_text AS value ON value.result_text = result.result_text
LEFT JOIN stage.reference_range AS span ON span.range_text = result.range_text
WHERE result.reject_reason IS NULL
