-- One row per laboratory or ward item with negative numbers that the quantity cannot have: how many
-- results lost their number. The results themselves stay, with their text (codelist may_be_negative).
WITH negative AS (
    SELECT result_text FROM stage.result_text WHERE value_number < 0
)

SELECT
    result.source_no,
    result.vocabulary,
    result.code,
    count(*)                          AS result_count,
    count(DISTINCT result.person_id)  AS person_count
FROM stem.lab_result AS result
INNER JOIN negative ON negative.result_text = result.value_source
WHERE result.value_number IS NULL
GROUP BY result.source_no, result.vocabulary, result.code

UNION ALL

SELECT
    result.source_no,
    result.vocabulary,
    result.code,
    count(*)                          AS result_count,
    count(DISTINCT result.person_id)  AS person_count
FROM stem.vital_sign AS result
INNER JOIN negative ON negative.result_text = result.value_source
WHERE result.value_number IS NULL
GROUP BY result.source_no, result.vocabulary, result.code
