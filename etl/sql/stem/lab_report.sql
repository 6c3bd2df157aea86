-- One row per laboratory report: its specimen.
SELECT
    9                                         AS source_no,
    row_id,
    0                                         AS position,
    person_id,
    visit_id,
    sampled_at                                AS start_at,
    'Specimen'                                AS domain_id,
    'npc_specimen'                            AS vocabulary,
    normal_code(specimen_text)                AS code,
    coalesce(specimen_text, panel_text)       AS source_value,
    32856                                     AS type_concept_id  -- Lab
FROM stage.lab_report
WHERE reject_reason IS NULL
