-- One row per laboratory or ward item with negative numbers that the quantity cannot have: how many
-- results lost their number. The results themselves stay, with their text (codelist may_be_negative).
WITH result AS (
    SELECT source_no, vocabulary, code, person_id, value_source FROM stem.lab_result
    WHERE value_number IS NULL
    UNION ALL
    SELECT source_no, vocabulary, code, person_id, value_source FROM stem.vital_sign
    WHERE value_number IS NULL
)

SELECT
    result.source_no,
    result.vocabulary,
    result.code,
    count(*)                          AS result_count,
    count(DISTINCT result.person_id)  AS person_count
FROM result
INNER JOIN stage.result_text AS negative
    ON negative.result_text = result.value_source AND negative.value_number < 0
GROUP BY result.source_no, result.vocabulary, result.code
