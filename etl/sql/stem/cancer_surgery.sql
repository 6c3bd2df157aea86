-- One row per procedure that resects or ablates a tumour, by the theatre's record or the front page, in
-- a visit whose primary cancer is known, with the surgery that it belongs to: procedures of one kind
-- in one visit are one, told twice. A surgery takes its earliest procedure's event id.
WITH operation AS (
    SELECT
        source_no, row_id, position, person_id, visit_id, start_at, code, source_value
    FROM stem.operation
    WHERE not_carried_reason IS NULL
    UNION ALL
    SELECT
        source_no, row_id, position, person_id, visit_id, start_at, code, source_value
    FROM stem.front_page_operation
),

written AS (
    SELECT
        source_value,
        normal_code(source_value) AS code
    FROM operation
    GROUP BY source_value
),

kind AS (
    SELECT
        written.source_value,
        arg_max(listed.name, length(listed.code)) AS kind
    FROM written
    INNER JOIN vocabulary.codelist AS listed
        ON listed.codelist = 'cancer_surgery' AND starts_with(written.code, listed.code)
    GROUP BY written.source_value
),

done AS (
    SELECT
        event_id(operation.row_id, operation.source_no, operation.position * 10) AS event_id,
        operation.person_id,
        operation.visit_id,
        operation.start_at,
        operation.source_value,
        kind.kind,
        cancer.condition_id,
        coalesce(target.concept_id, 0)        AS concept_id
    FROM operation
    INNER JOIN kind ON kind.source_value = operation.source_value
    INNER JOIN stem.visit_primary AS cancer ON cancer.visit_id = operation.visit_id
    LEFT JOIN vocabulary.code_map AS target
        ON target.source_vocabulary_id = 'npc_icd9cm3' AND target.source_code = operation.code
        AND target.target_no = 0
    WHERE operation.start_at IS NOT NULL
)

SELECT
    *,
    first_value(event_id) OVER (
        PARTITION BY visit_id, kind ORDER BY start_at, event_id
    )                                         AS surgery_id
FROM done
