-- One row per line of systemic treatment: its drugs, the regimen that they make, and the primary cancer
-- of the visit in which it began. The regimen is that of HemOnc for exactly these drugs (with RT where
-- a course began within four weeks), else a local one, else one by class of drug.
WITH line AS (
    SELECT
        exposure.line_id,
        min(exposure.person_id)                               AS person_id,
        min(exposure.line_no)                                 AS line_no,
        min(exposure.given_on)                                AS start_on,
        max(exposure.end_on)                                  AS end_on,
        arg_min(exposure.visit_id, (exposure.given_on, exposure.event_id)) AS visit_id,
        array_to_string(
            list_sort(list_distinct(list(exposure.ingredient) FILTER (exposure.is_of_plan))), '+'
        )                                                     AS drugs,
        array_to_string(
            list_sort(list_distinct(list(
                CASE WHEN exposure.agent = '[PD1]' THEN exposure.agent ELSE exposure.ingredient END
            ) FILTER (exposure.is_of_plan))), '+'
        )                                                     AS drugs_with_any_pd1,
        bool_or(exposure.kind = 'TARGETED' AND exposure.is_of_plan)   AS has_targeted,
        bool_or(exposure.kind = 'CHECKPOINT' AND exposure.is_of_plan) AS has_checkpoint,
        bool_or(exposure.kind = 'CYTOTOXIC' AND exposure.is_of_plan)  AS has_cytotoxic
    FROM stem.line_exposure AS exposure
    GROUP BY exposure.line_id
),

with_radiotherapy AS (
    SELECT DISTINCT line.line_id
    FROM line
    INNER JOIN stem.rt_course AS course
        ON course.person_id = line.person_id
        AND CAST(course.start_at AS DATE) BETWEEN line.start_on - 28 AND line.start_on + 28
),

regimen AS (
    SELECT
        source_code,
        concept_id
    FROM vocabulary.code_map
    WHERE source_vocabulary_id = 'npc_regimen' AND target_no = 0 AND concept_id <> 0
)

SELECT
    line.line_id,
    line.person_id,
    line.line_no,
    line.start_on,
    line.end_on,
    cancer.condition_id,
    line.drugs || CASE WHEN with_radiotherapy.line_id IS NULL THEN '' ELSE '+RT' END AS source_value,
    coalesce(
        chemoradiation.concept_id, exact.concept_id, any_pd1.concept_id, class.concept_id, 0
    )                                                         AS concept_id
FROM line
LEFT JOIN with_radiotherapy ON with_radiotherapy.line_id = line.line_id
LEFT JOIN stem.visit_primary AS cancer ON cancer.visit_id = line.visit_id
LEFT JOIN regimen AS chemoradiation
    ON with_radiotherapy.line_id IS NOT NULL AND chemoradiation.source_code = line.drugs || '+RT'
LEFT JOIN regimen AS exact ON exact.source_code = line.drugs
LEFT JOIN regimen AS any_pd1 ON any_pd1.source_code = line.drugs_with_any_pd1
LEFT JOIN regimen AS class
    ON class.source_code = CASE
        WHEN line.has_targeted THEN 'CLASS:TARGETED'
        WHEN line.has_checkpoint AND line.has_cytotoxic THEN 'CLASS:CYTOTOXIC+CHECKPOINT'
        WHEN line.has_checkpoint THEN 'CLASS:CHECKPOINT'
        ELSE 'CLASS:CYTOTOXIC'
    END
