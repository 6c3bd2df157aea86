-- One row per follow-up contact: the survival status told at it.
SELECT
    18                                        AS source_no,
    row_id,
    0                                         AS position,
    person_id,
    NULL                                      AS visit_id,
    contacted_at                              AS start_at,
    'Observation'                             AS domain_id,
    'npc_survival'                            AS vocabulary,
    status_code                               AS code,
    'SCZT:' || status_code                    AS source_value,
    32817                                     AS type_concept_id,  -- EHR
    progression_text                          AS value_source
FROM stage.follow_up
WHERE reject_reason IS NULL
