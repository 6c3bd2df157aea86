-- One row per thing that a pathology report's text states and the CDM keeps: the histology, the
-- metastasis where carcinoma of the nasopharynx was found in another organ (unless the report's code says
-- it already), immunohistochemistry. Only what is at least probable.
WITH stated AS (
    SELECT
        fact.*,
        row_number() OVER (PARTITION BY fact.row_id ORDER BY fact.fact_no) AS place
    FROM note.coded_fact AS fact
    WHERE
        fact.source_no = 12 AND fact.certainty IN ('definite', 'probable')
        AND fact.type IN ('diagnosis', 'marker')
),

item AS (
    SELECT
        stated.row_id,
        2 * stated.place - 1                  AS place,
        stated.person_id,
        stated.visit_id,
        stated.noted_at,
        'npc_note_fact'                       AS vocabulary,
        stated.code,
        stated.fact_text,
        CAST(stated.detail ->> '$.number' AS DOUBLE) AS value_number,
        CASE WHEN stated.code = 'MARKER:KI-67' THEN '%' END AS unit_text,
        CASE stated.detail ->> '$.result'
            WHEN 'negative' THEN 'NEGATIVE'
            WHEN 'weak' THEN 'WEAKPOSITIVE'
            WHEN 'positive' THEN 'POSITIVE'
            WHEN 'focal' THEN 'POSITIVE'
        END                                   AS value_code,
        CASE stated.type
            WHEN 'diagnosis' THEN concat_ws(' ', stated.value, stated.detail ->> '$.differentiation')
            ELSE stated.detail ->> '$.result'
        END                                   AS value_source,
        histology.category
    FROM stated
    LEFT JOIN stem.told_histology AS histology
        ON histology.source_no = 12 AND histology.row_id = stated.row_id
        AND histology.fact_no = stated.fact_no

    UNION ALL

    SELECT
        stated.row_id,
        2 * stated.place                      AS place,
        stated.person_id,
        stated.visit_id,
        stated.noted_at,
        'npc_metastasis_site'                 AS vocabulary,
        stated.site_code                      AS code,
        stated.fact_text,
        NULL                                  AS value_number,
        NULL                                  AS unit_text,
        'PRESENT'                             AS value_code,
        NULL                                  AS value_source,
        'C11'                                 AS category
    FROM stated
    INNER JOIN stage.pathology_report AS report ON report.row_id = stated.row_id
    WHERE
        stated.type = 'diagnosis' AND stated.detail ->> '$.npc_metastasis' = 'true'
        AND stated.site IS NOT NULL AND stated.site NOT IN ('nasopharynx', 'other')
        AND NOT coalesce(regexp_matches(report.morphology_code, '^M?\d{4}\d?/6$'), FALSE)
)

SELECT
    12                                        AS source_no,
    item.row_id,
    text_position(item.place + 1)             AS position,  -- 1 is the metastasis that the code tells
    item.person_id,
    item.visit_id,
    item.noted_at                             AS start_at,
    'Measurement'                             AS domain_id,
    item.vocabulary,
    item.code,
    item.fact_text                            AS source_value,
    32835                                     AS type_concept_id,  -- EHR Pathology report
    item.value_number,
    item.unit_text,
    item.value_code,
    item.value_source,
    cancer.condition_id                       AS linked_id,
    CASE
        WHEN cancer.condition_id IS NOT NULL
            THEN 1147127  -- concept_id of condition_occurrence.condition_occurrence_id
    END                                       AS linked_field_concept_id
FROM item
LEFT JOIN stem.primary_cancer AS cancer
    ON cancer.person_id = item.person_id AND cancer.category = item.category
WHERE item.place <= 86  -- further ones stay in note_nlp
