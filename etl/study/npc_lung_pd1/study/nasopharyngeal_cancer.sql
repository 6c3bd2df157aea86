-- One row per condition of an NPC patient that stands for a cancer of the nasopharynx, of any histology: by its
-- concept, or by its code or topography (C11). Modifiers point at such a condition.
SELECT
    cancer.person_id,
    cancer.condition_occurrence_id
FROM cdm.condition_occurrence AS cancer
INNER JOIN study.npc_patient AS patient ON patient.person_id = cancer.person_id
INNER JOIN vocabulary.codelist AS nasopharynx
    ON nasopharynx.concept_id = cancer.condition_concept_id
    AND nasopharynx.codelist = 'npc_diagnosis'

UNION

SELECT
    cancer.person_id,
    cancer.condition_occurrence_id
FROM cdm.condition_occurrence AS cancer
INNER JOIN study.npc_patient AS patient ON patient.person_id = cancer.person_id
INNER JOIN vocabulary.codelist AS topography
    ON topography.codelist = 'npc_topography'
    AND (
        cancer.condition_source_value LIKE topography.code || '%'
        -- Morphology and topography, such as 8140/3-C11.9.
        OR cancer.condition_source_value LIKE '%-' || topography.code || '%'
    )
