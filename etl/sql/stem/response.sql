-- One row per response of a tumour annex that names a dynamic of the disease (CR, PR, SD, PD), with the
-- stretch of equal responses that it belongs to. A stretch takes its first response's event id.
WITH assessed AS (
    SELECT
        event_id(annex.row_id, annex.source_no, annex.position * 10) AS event_id,
        annex.person_id,
        annex.linked_id                       AS condition_id,
        CAST(annex.start_at AS DATE)          AS assessed_on,
        annex.source_value,
        dynamic.concept_id,
        coalesce(recist.concept_id, 0)        AS object_concept_id
    FROM stem.tumour_annex AS annex
    INNER JOIN vocabulary.code_map AS dynamic
        ON dynamic.source_vocabulary_id = 'npc_disease_dynamic' AND dynamic.source_code = annex.code
        AND dynamic.target_no = 0
    LEFT JOIN vocabulary.code_map AS recist
        ON recist.source_vocabulary_id = annex.vocabulary AND recist.source_code = annex.code
        AND recist.target_no = 0
    WHERE annex.linked_id IS NOT NULL AND annex.start_at IS NOT NULL
),

marked AS (
    SELECT
        *,
        CASE
            WHEN lag(concept_id) OVER (
                PARTITION BY condition_id ORDER BY assessed_on, event_id
            ) = concept_id THEN 0
            ELSE 1
        END                                   AS is_start
    FROM assessed
),

numbered AS (
    SELECT
        *,
        sum(is_start) OVER (PARTITION BY condition_id ORDER BY assessed_on, event_id) AS stretch
    FROM marked
)

SELECT
    event_id,
    person_id,
    condition_id,
    assessed_on,
    source_value,
    concept_id,
    object_concept_id,
    first_value(event_id) OVER (
        PARTITION BY condition_id, stretch ORDER BY assessed_on, event_id
    )                                         AS stretch_id
FROM numbered
