-- One row per NPC patient, criterion and CDM row that the answer rests on (for what a text told also its note and
-- span), and per review line used; an answer that rests on the absence of rows has one row without a table.
WITH found AS (
    SELECT
        row.person_id,
        row.criterion,
        row.cdm_table,
        row.cdm_id,
        row.concept_id,
        row.found_on,
        row.date_precision,
        row.value,
        text.note_id,
        text.note_nlp_id,
        text.span_start,
        text.span_text
    FROM study.evidence_row AS row
    LEFT JOIN study.evidence_text AS text
        ON text.person_id = row.person_id
        AND text.cdm_table = row.cdm_table
        AND text.cdm_id = row.cdm_id

    UNION ALL

    SELECT
        line.person_id,
        line.criterion,
        'review_decision'                         AS cdm_table,
        CAST(NULL AS BIGINT)                      AS cdm_id,
        CAST(NULL AS INTEGER)                     AS concept_id,
        line.decided_on                           AS found_on,
        'day'                                     AS date_precision,
        line.decision || ', ' || line.reviewer_code || ': ' || line.reason AS value,
        CAST(NULL AS BIGINT)                      AS note_id,
        CAST(NULL AS BIGINT)                      AS note_nlp_id,
        CAST(NULL AS INTEGER)                     AS span_start,
        CAST(NULL AS VARCHAR)                     AS span_text
    FROM study.review_answer AS line
    INNER JOIN study.npc_lung_pd1_answer AS open
        ON open.person_id = line.person_id
        AND open.criterion = line.criterion
        AND (open.answer = 'unknown' OR line.criterion = 'e9')
)

SELECT
    answered.person_id,
    answered.criterion_no,
    answered.criterion,
    answered.answer,
    coalesce(found.value, answered.value)         AS value,
    found.found_on,
    found.date_precision,
    found.cdm_table,
    found.cdm_id,
    found.concept_id,
    concept.concept_name,
    found.note_id,
    found.note_nlp_id,
    found.span_start,
    found.span_text
FROM study.npc_lung_pd1_criterion AS answered
LEFT JOIN found
    ON found.person_id = answered.person_id AND found.criterion = answered.criterion
LEFT JOIN vocabulary.concept AS concept ON concept.concept_id = found.concept_id
ORDER BY answered.person_id, answered.criterion_no, found.found_on, found.cdm_table, found.cdm_id
