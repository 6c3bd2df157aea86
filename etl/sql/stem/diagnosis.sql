-- One row per coded diagnosis. Primary or metastasis follows from the code, never from the position
-- (trap 2); a suspected one is preliminary (trap 6). Admissions for treatment (Z51) are observations.
-- A secondary neoplasm (C77 to C79) becomes a measurement of the visit's primary cancer; that it
-- rests on a code alone its type says (trap 5).
SELECT
    diagnosis.source_no,
    diagnosis.row_id,
    diagnosis.position,
    diagnosis.person_id,
    diagnosis.visit_id,
    diagnosis.diagnosed_at                                       AS start_at,
    'Condition'                                                  AS domain_id,
    'npc_icd10'                                                  AS vocabulary,
    resolved.map_code                                            AS code,
    coalesce(diagnosis.code, diagnosis.name_text)                AS source_value,
    32817                                                        AS type_concept_id,  -- EHR
    CASE WHEN diagnosis.is_suspected THEN 'SUSPECTED' ELSE diagnosis.category_code END
                                                                 AS status_code,
    -- A measurement has no status: its value says it.
    CASE WHEN diagnosis.is_suspected THEN 'SUSPECTED' ELSE 'PRESENT' END AS value_code,
    cancer.condition_id                                          AS linked_id,
    CASE
        WHEN cancer.condition_id IS NOT NULL
            THEN 1147127  -- concept_id of condition_occurrence.condition_occurrence_id
    END                                                          AS linked_field_concept_id
-- Not stored: only stem.event reads these rows.
FROM stage.coded_diagnosis AS diagnosis
LEFT JOIN stage.diagnosis_code AS resolved
    ON resolved.code IS NOT DISTINCT FROM diagnosis.code
    AND resolved.version_text IS NOT DISTINCT FROM diagnosis.version_text
    AND resolved.name_text IS NOT DISTINCT FROM diagnosis.name_text
LEFT JOIN stem.visit_primary AS cancer
    ON cancer.visit_id = diagnosis.visit_id AND regexp_matches(resolved.map_code, '^C7[789]')
