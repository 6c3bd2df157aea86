-- One row per NPC patient with a distant metastasis that is at least probable, in any organ: the first.
-- Nodes of the neck are not distant; a code or a note alone counts as for p1.
SELECT
    person_id,
    measurement_id,
    concept_id,
    found_on,
    evidence_level
FROM (
    SELECT
        found.person_id,
        found.measurement_id,
        found.concept_id,
        found.found_on,
        found.evidence_level,
        row_number() OVER (
            PARTITION BY found.person_id ORDER BY found.found_on, found.measurement_id
        ) AS place
    FROM study.metastasis AS found
    CROSS JOIN study.setting AS setting
    WHERE
        found.is_distant
        AND (
            found.evidence_level IN ('imaging', 'pathology')
            OR (found.evidence_level = 'code' AND setting.code_only_qualifies)
            OR (
                found.evidence_level = 'note'
                AND EXISTS (
                    SELECT 1
                    FROM study.metastasis AS code
                    WHERE
                        code.person_id = found.person_id
                        AND code.is_distant
                        AND code.evidence_level = 'code'
                        AND code.found_on BETWEEN found.found_on - setting.code_support_days
                        AND found.found_on + setting.code_support_days
                )
            )
        )
) AS ranked
WHERE place = 1
