-- One row per confirmed diagnosis of a primary cancer (ICD-10 C00 to C75, C81 to C96) that becomes a
-- condition, in any position of any visit (trap 1). No suspicion, no quarantined code, no secondary
-- neoplasm (C77 to C79), no site unknown or ill-defined (C76, C80, C97) is one.
WITH target AS (
    SELECT
        source_code,
        min(target_no) FILTER (domain_id = 'Condition')                AS target_no,
        arg_min(concept_id, target_no) FILTER (domain_id = 'Condition') AS concept_id
    FROM vocabulary.code_map
    WHERE source_vocabulary_id = 'npc_icd10'
    GROUP BY source_code
)

SELECT
    event_id(diagnosis.row_id, diagnosis.source_no, diagnosis.position * 10 + coalesce(target.target_no, 0))
                                                        AS event_id,
    diagnosis.person_id,
    diagnosis.visit_id,
    substring(resolved.map_code, 1, 3)                  AS category,
    -- The fourth character is the hospital's own: the map may know only three.
    CASE
        WHEN regexp_matches(diagnosis.code, '^C\d\d\.\d') THEN substring(diagnosis.code, 1, 5)
        ELSE substring(resolved.map_code, 1, 3) || '.9'
    END                                                 AS topography,
    CAST(diagnosis.diagnosed_at AS DATE)                AS diagnosed_on,
    coalesce(target.concept_id, 0)                      AS concept_id,
    -- Principal discharge diagnosis, of a record or of the front page itself.
    diagnosis.category_code = '3'                       AS is_principal
FROM stage.coded_diagnosis AS diagnosis
INNER JOIN stage.diagnosis_code AS resolved
    ON resolved.code IS NOT DISTINCT FROM diagnosis.code
    AND resolved.version_text IS NOT DISTINCT FROM diagnosis.version_text
    AND resolved.name_text IS NOT DISTINCT FROM diagnosis.name_text
LEFT JOIN target ON target.source_code = resolved.map_code
WHERE
    NOT diagnosis.is_suspected
    AND diagnosis.diagnosed_at IS NOT NULL
    AND regexp_matches(resolved.map_code, '^C(0\d|[1-6]\d|7[0-5]|8[1-9]|9[0-6])')
    AND (target.source_code IS NULL OR target.target_no IS NOT NULL)
