-- One row per histology that a pathology report's text states, or a signed note quotes, with the organ
-- that it speaks for: the one named, the nasopharynx where it says metastasis of its carcinoma, else the
-- report's own site, or the stay's cancer where the stay codes only one. Only what is at least probable.
WITH stay AS (
    SELECT
        visit_id,
        min(category) AS category
    FROM stem.cancer_diagnosis
    GROUP BY visit_id
    HAVING count(DISTINCT category) = 1
)

SELECT
    fact.source_no,
    fact.row_id,
    fact.fact_no,
    fact.person_id,
    fact.visit_id,
    fact.noted_at                             AS start_at,
    CASE fact.source_no
        WHEN 12 THEN 32835  -- EHR Pathology report
        ELSE 32858          -- NLP: quoted in a note
    END                                       AS type_concept_id,
    CASE
        WHEN fact.detail ->> '$.npc_metastasis' = 'true' THEN 'C11'
        ELSE coalesce(organ.category, site.category, stay.category)
    END                                       AS category,
    fact.value                                AS morphology_code,
    fact.detail ->> '$.differentiation'       AS differentiation,
    fact.fact_text
FROM note.coded_fact AS fact
LEFT JOIN (
    VALUES
    ('nasopharynx', 'C11'), ('lung', 'C34'), ('pleura', 'C38'), ('mediastinum', 'C38'), ('bone', 'C41'),
    ('liver', 'C22'), ('brain', 'C71'), ('lymph_node', 'C77'), ('adrenal', 'C74'), ('kidney', 'C64')
) AS organ(site, category) ON organ.site = fact.site
LEFT JOIN stage.pathology_report AS report
    ON fact.source_no = 12 AND report.row_id = fact.row_id
LEFT JOIN stage.tumour_site AS site ON site.site_text = report.site_text
LEFT JOIN stay ON fact.source_no = 13 AND stay.visit_id = fact.visit_id
WHERE fact.code = 'HISTOLOGY' AND fact.certainty IN ('definite', 'probable')
