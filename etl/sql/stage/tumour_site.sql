-- One row per distinct site text of a specimen or of an irradiated metastasis: the organ that its
-- longest known word names, as a primary's topography and as a metastasis (with its side and lobe).
WITH written AS (
    SELECT site_text
    FROM stage.pathology_report
    WHERE site_text IS NOT NULL
    UNION
    SELECT metastasis_text AS site_text
    FROM stage.tumour_annex
    WHERE metastasis_text IS NOT NULL
),

organ AS (
    SELECT
        written.site_text,
        arg_max(word.name, (length(word.code), word.code)) AS category
    FROM written
    INNER JOIN vocabulary.codelist AS word
        ON word.codelist = 'tumour_site'
        AND contains(normal_code(written.site_text), word.code)
    GROUP BY written.site_text
),

metastasis AS (
    SELECT
        written.site_text,
        arg_max(mapped.source_code, (length(mapped.source_code), mapped.source_code)) AS map_code
    FROM written
    INNER JOIN (
        SELECT DISTINCT source_code
        FROM vocabulary.code_map
        WHERE source_vocabulary_id = 'npc_metastasis_site'
    ) AS mapped
        ON contains(normal_code(written.site_text), mapped.source_code)
    GROUP BY written.site_text
)

SELECT
    written.site_text,
    organ.category,
    metastasis.map_code AS metastasis_code
FROM written
LEFT JOIN organ ON organ.site_text = written.site_text
LEFT JOIN metastasis ON metastasis.site_text = written.site_text
