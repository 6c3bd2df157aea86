-- One row per primary cancer whose histology a morphology code tells: the condition of histology and
-- topography. A pathology report speaks for the organ that its specimen's site names, a front page's
-- code for the stay's cancer where the stay codes only one; a report's code speaks by its site, its text
-- by the organ that it names. The report speaks before the quotation in a note, that before the page, a
-- specific morphology before carcinoma NOS (8000 to 8010), the earlier before the later; the
-- topography is the one coded most often, a differentiation that has a concept is kept. A morphology
-- without a concept for that organ gives no row: the coded diagnosis then stands for the primary.
WITH target AS (
    SELECT
        source_code,
        min(target_no)                    AS target_no,
        arg_min(concept_id, target_no)    AS concept_id
    FROM vocabulary.code_map
    WHERE source_vocabulary_id = 'npc_icdo3' AND domain_id = 'Condition' AND concept_id <> 0
    GROUP BY source_code
),

coded AS (
    SELECT
        person_id,
        category,
        topography,
        count(*) AS times
    FROM stem.cancer_diagnosis
    GROUP BY person_id, category, topography
),

primary_cancer AS (
    SELECT
        person_id,
        category,
        arg_min(topography, (-times, topography)) AS topography
    FROM coded
    GROUP BY person_id, category
),

stay AS (
    SELECT
        visit_id,
        min(category) AS category
    FROM stem.cancer_diagnosis
    GROUP BY visit_id
    HAVING count(DISTINCT category) = 1
),

evidence AS (
    SELECT
        12                                        AS source_no,
        report.row_id,
        report.person_id,
        report.visit_id,
        report.reported_at                        AS start_at,
        32835                                     AS type_concept_id,  -- EHR Pathology report
        site.category,
        report.morphology_code,
        NULL                                      AS differentiation
    FROM stage.pathology_report AS report
    INNER JOIN stage.tumour_site AS site ON site.site_text = report.site_text
    WHERE report.reject_reason IS NULL

    UNION ALL

    SELECT
        4                                         AS source_no,
        page.row_id,
        page.person_id,
        page.visit_id,
        page.start_at,
        32817                                     AS type_concept_id,  -- EHR
        stay.category,
        page.morphology_code,
        NULL                                      AS differentiation
    FROM stage.front_page AS page
    INNER JOIN stay ON stay.visit_id = page.visit_id
    WHERE page.reject_reason IS NULL

    UNION ALL BY NAME

    SELECT
        source_no,
        row_id,
        person_id,
        visit_id,
        start_at,
        type_concept_id,
        category,
        morphology_code,
        upper(differentiation)                    AS differentiation
    FROM stem.told_histology
),

told AS (
    SELECT
        evidence.*,
        regexp_extract(evidence.morphology_code, '^M?(\d{4})\d?/3$', 1) AS morphology,
        regexp_extract(evidence.morphology_code, '^M?(\d{4})\d?/3$', 1) || '/3-' || known.topography AS plain_code
    FROM evidence
    INNER JOIN primary_cancer AS known
        ON known.person_id = evidence.person_id AND known.category = evidence.category
    WHERE regexp_matches(evidence.morphology_code, '^M?\d{4}\d?/3$')
),

ranked AS (
    SELECT
        told.*,
        coalesce(subtype.source_code, target.source_code) AS code,
        coalesce(subtype.concept_id, target.concept_id)   AS concept_id,
        coalesce(subtype.target_no, target.target_no)     AS target_no,
        row_number() OVER (
            PARTITION BY told.person_id, told.category
            ORDER BY
                CASE told.source_no WHEN 12 THEN 0 WHEN 13 THEN 1 ELSE 2 END,
                CASE WHEN told.morphology <= '8010' THEN 1 ELSE 0 END,
                CAST(told.start_at AS DATE),
                told.row_id,
                -- Of one report the text that tells the differentiation.
                CASE WHEN subtype.source_code IS NULL THEN 1 ELSE 0 END,
                told.morphology
        )                                         AS place
    FROM told
    INNER JOIN target ON target.source_code = told.plain_code
    LEFT JOIN target AS subtype ON subtype.source_code = told.plain_code || ':' || told.differentiation
    WHERE told.start_at IS NOT NULL
)

SELECT
    source_no,
    row_id,
    60                                            AS position,
    person_id,
    visit_id,
    start_at,
    'Condition'                                   AS domain_id,
    'npc_icdo3'                                   AS vocabulary,
    code,
    code                                          AS source_value,
    type_concept_id,
    '5'                                           AS status_code,  -- diagnosis of the pathologist: confirmed
    category,
    concept_id,
    event_id(row_id, source_no, 600 + target_no)  AS condition_id
FROM ranked
WHERE place = 1
