-- One row per laboratory report: its specimen.
SELECT
    9                                         AS source_no,
    report.row_id,
    0                                         AS position,
    report.person_id,
    report.visit_id,
    report.sampled_at                         AS start_at,
    'Specimen'                                AS domain_id,
    'npc_specimen'                            AS vocabulary,
    specimen.map_code                         AS code,
    coalesce(report.specimen_text, report.panel_text) AS source_value,
    32856                                     AS type_concept_id  -- Lab
-- Not stored: only stem.event reads these rows.
FROM stage.lab_report AS report
LEFT JOIN stage.specimen AS specimen ON specimen.specimen_text = report.specimen_text
WHERE report.reject_reason IS NULL
