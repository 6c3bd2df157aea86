-- One row per metastasis that counts, for each scope that it counts in: thoracic (p1), distant (first distant
-- metastasis). Imaging and pathology count by themselves; a finding told in a note counts beside a code; a
-- code alone counts only where the setting says so.
SELECT
    found.person_id,
    asked.scope,
    found.measurement_id,
    found.concept_id,
    found.found_on,
    found.evidence_level
FROM study.metastasis AS found
CROSS JOIN study.setting AS setting
INNER JOIN (VALUES ('thoracic'), ('distant')) AS asked(scope)
    ON (asked.scope = 'thoracic' AND found.is_thoracic) OR (asked.scope = 'distant' AND found.is_distant)
WHERE
    found.evidence_level IN ('imaging', 'pathology')
    OR (found.evidence_level = 'code' AND setting.code_only_qualifies)
    OR (
        found.evidence_level = 'note'
        AND EXISTS (
            SELECT 1
            FROM study.metastasis AS code
            WHERE
                code.person_id = found.person_id
                AND CASE WHEN asked.scope = 'thoracic' THEN code.is_thoracic ELSE code.is_distant END
                AND code.evidence_level = 'code'
                AND code.found_on BETWEEN found.found_on - setting.code_support_days
                AND found.found_on + setting.code_support_days
        )
    )
