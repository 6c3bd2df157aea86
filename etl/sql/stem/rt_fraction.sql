-- One row per radiotherapy fraction; a cancelled one or a mere set-up is no treatment, nor is one on
-- a plan that was rejected or retired.
SELECT
    15                                        AS source_no,
    row_id,
    0                                         AS position,
    person_id,
    NULL                                      AS visit_id,
    treated_at                                AS start_at,
    'Procedure'                               AS domain_id,
    'npc_rt_technique'                        AS vocabulary,
    normal_code(technique_text)               AS code,
    concat_ws(' ', technique_text, target_text) AS source_value,
    32817                                     AS type_concept_id,  -- EHR
    CASE
        WHEN is_on_dead_plan THEN 'plan rejected, retired or never approved'
        WHEN status_text NOT IN ('COMPLETED', 'PARTIAL') OR status_text IS NULL
            THEN 'fraction not delivered'
    END                                       AS not_carried_reason
-- Not stored: only stem.event reads these rows.
FROM stage.rt_fraction
WHERE reject_reason IS NULL
