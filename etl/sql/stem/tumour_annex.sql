-- One row per TNM part, stage and response of a tumour annex, each under its edition's name, and per
-- metastasis that it says was irradiated; all of them about the visit's primary cancer.
WITH part AS (
    SELECT
        annex.row_id,
        annex.person_id,
        annex.visit_id,
        annex.edition_text,
        annex.assessed_at,
        annex.metastasis_at,
        unnest([
            {'position': 0, 'kind': 'T', 'text': annex.t_text},
            {'position': 1, 'kind': 'N', 'text': annex.n_text},
            {'position': 2, 'kind': 'M', 'text': annex.m_text},
            {'position': 3, 'kind': 'STAGE', 'text': annex.stage_text},
            {'position': 4, 'kind': 'RECIST', 'text': annex.response_text},
            {'position': 5, 'kind': 'METASTASIS', 'text': annex.metastasis_text}
        ]) AS item
    FROM stage.tumour_annex AS annex
    WHERE annex.reject_reason IS NULL
),

item AS (
    SELECT
        part.row_id,
        part.person_id,
        part.visit_id,
        part.edition_text,
        part.item.position AS position,
        part.item.kind     AS kind,
        part.item.text     AS text,
        CASE
            WHEN part.item.kind = 'METASTASIS' THEN part.metastasis_at
            ELSE part.assessed_at
        END                AS start_at
    FROM part
    WHERE part.item.text IS NOT NULL
),

-- Few distinct texts are read once.
wording AS (
    SELECT
        edition_text,
        kind,
        text,
        CASE
            WHEN kind = 'METASTASIS' THEN ''
            WHEN kind = 'RECIST' THEN 'RECIST:'
            WHEN regexp_matches(upper(edition_text), '(AJCC|UICC|第).*[8八]') THEN 'AJCC8:'
            ELSE ''
        -- c, p and y say how it was staged, and stay in the source value.
        END || regexp_replace(normal_code(text), '^[CPY]+([TNM])', '\1') AS code
    FROM item
    GROUP BY edition_text, kind, text
)

SELECT
    5                                                            AS source_no,
    item.row_id,
    item.position,
    item.person_id,
    item.visit_id,
    item.start_at,
    'Measurement'                                                AS domain_id,
    CASE WHEN item.kind = 'METASTASIS' THEN 'npc_metastasis_site' ELSE 'npc_stage' END AS vocabulary,
    CASE WHEN item.kind = 'METASTASIS' THEN coalesce(site.metastasis_code, wording.code) ELSE wording.code END
                                                                 AS code,
    CASE WHEN item.kind = 'METASTASIS' THEN item.text ELSE concat_ws(' ', item.edition_text, item.text) END
                                                                 AS source_value,
    32817                                                        AS type_concept_id,  -- EHR
    CASE WHEN item.kind = 'METASTASIS' THEN 'PRESENT' END        AS value_code,
    cancer.condition_id                                          AS linked_id,
    CASE
        WHEN cancer.condition_id IS NOT NULL
            THEN 1147127  -- concept_id of condition_occurrence.condition_occurrence_id
    END                                                          AS linked_field_concept_id
FROM item
INNER JOIN wording
    ON wording.kind = item.kind AND wording.text = item.text
    AND wording.edition_text IS NOT DISTINCT FROM item.edition_text
LEFT JOIN stage.tumour_site AS site
    ON item.kind = 'METASTASIS' AND site.site_text = item.text
LEFT JOIN stem.visit_primary AS cancer ON cancer.visit_id = item.visit_id
