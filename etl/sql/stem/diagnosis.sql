-- One row per coded diagnosis. Primary or metastasis follows from the code, never from the position
-- (trap 2); a suspected one is preliminary (trap 6). Admissions for treatment (Z51) map to nothing.
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
    -- A secondary neoplasm becomes a measurement, which has no status: its value says it.
    CASE WHEN diagnosis.is_suspected THEN 'SUSPECTED' ELSE 'PRESENT' END AS value_code
FROM stage.coded_diagnosis AS diagnosis
LEFT JOIN stage.diagnosis_code AS resolved
    ON resolved.code IS NOT DISTINCT FROM diagnosis.code
    AND resolved.version_text IS NOT DISTINCT FROM diagnosis.version_text
    AND resolved.name_text IS NOT DISTINCT FROM diagnosis.name_text
