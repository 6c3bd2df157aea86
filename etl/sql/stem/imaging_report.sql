-- One row per imaging report: the examination that it reports.
SELECT
    11                                        AS source_no,
    report.row_id,
    0                                         AS position,
    report.person_id,
    report.visit_id,
    report.examined_at                        AS start_at,
    'Procedure'                               AS domain_id,
    'npc_exam'                                AS vocabulary,
    exam.map_code                             AS code,
    concat_ws(' ', report.modality_text, report.exam_text) AS source_value,
    32841                                     AS type_concept_id  -- EHR radiology report
-- Not stored: only stem.event reads these rows.
FROM stage.imaging_report AS report
LEFT JOIN stage.exam_name AS exam
    ON exam.modality_text IS NOT DISTINCT FROM report.modality_text
    AND exam.exam_text IS NOT DISTINCT FROM report.exam_text
    AND exam.region_text IS NOT DISTINCT FROM report.region_text
WHERE report.reject_reason IS NULL
