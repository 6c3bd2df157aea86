-- One row per NPC patient with a distant metastasis that is at least probable, in any organ: the first.
-- Nodes of the neck are not distant; a code alone counts as for p1.
SELECT
    person_id,
    measurement_id,
    concept_id,
    found_on
FROM (
    SELECT
        found.person_id,
        found.measurement_id,
        found.concept_id,
        found.found_on,
        row_number() OVER (
            PARTITION BY found.person_id ORDER BY found.found_on, found.measurement_id
        ) AS place
    FROM study.metastasis AS found
    CROSS JOIN study.setting AS setting
    WHERE found.is_distant AND (found.evidence_level <> 'code' OR setting.code_only_qualifies)
) AS ranked
WHERE place = 1
