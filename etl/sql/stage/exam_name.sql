-- One row per distinct examination: the longest mapped wording found in "modality name".
WITH written AS (
    SELECT DISTINCT
        modality_text,
        exam_text
    FROM stage.imaging_report
),

mapped AS (
    SELECT DISTINCT source_code
    FROM vocabulary.code_map
    WHERE source_vocabulary_id = 'npc_exam'
)

SELECT
    written.modality_text,
    written.exam_text,
    coalesce(
        arg_max(mapped.source_code, length(mapped.source_code)),
        normal_code(concat_ws(':', written.modality_text, written.exam_text))
    ) AS map_code
FROM written
LEFT JOIN mapped
    ON contains(normal_code(concat_ws(':', written.modality_text, written.exam_text)), mapped.source_code)
GROUP BY written.modality_text, written.exam_text
