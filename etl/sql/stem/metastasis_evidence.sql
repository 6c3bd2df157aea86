-- One row per measurement that says a primary cancer has distant metastases: a distant site that is
-- present, or category M1. Nodes of the neck and suspicions are none, and so are, unless the primary is
-- of head and neck, the stations that are regional for another organ (axilla, groin, abdomen, pelvis),
-- and the mediastinum of a thoracic primary or a lymphoma. A diagnosis code alone is none: such codes are
-- given to unclear nodules and copied forward, so a report or a staging within 60 days must support it.
-- The level of evidence stays readable in the measurement's type.
WITH evidence AS (
    SELECT
        found.event_id,
        found.person_id,
        found.linked_id                           AS condition_id,
        CAST(found.start_at AS DATE)              AS found_on,
        found.concept_id,
        coalesce(found.vocabulary = 'npc_icd10', FALSE) AS is_code
    FROM stem.event AS found
    INNER JOIN (
        SELECT
            concept_id,
            bool_or(codelist = 'regional_node_station')   AS is_station,
            bool_or(codelist = 'mediastinal_metastasis')  AS is_mediastinum
        FROM vocabulary.codelist
        WHERE codelist IN ('distant_metastasis', 'm1_category', 'mediastinal_metastasis', 'regional_node_station')
        GROUP BY concept_id
        HAVING bool_or(codelist IN ('distant_metastasis', 'm1_category'))
    ) AS distant ON distant.concept_id = found.concept_id
    INNER JOIN stem.primary_cancer AS cancer ON cancer.condition_id = found.linked_id
    LEFT JOIN vocabulary.code_map AS present
        ON present.source_vocabulary_id = 'npc_value' AND present.source_code = 'PRESENT'
        AND present.target_no = 0
    WHERE
        found.linked_field_concept_id = 1147127  -- condition_occurrence.condition_occurrence_id
        AND found.domain_id = 'Measurement'
        AND found.start_at IS NOT NULL
        AND coalesce(found.value_as_concept_id = present.concept_id, TRUE)
        AND (NOT distant.is_station OR regexp_matches(cancer.category, '^C(0|1[0-4]|3[0-2])'))
        AND (NOT distant.is_mediastinum OR NOT regexp_matches(cancer.category, '^C(15|3[3-9]|8|9)'))
),

supported AS (
    SELECT DISTINCT code.event_id
    FROM evidence AS code
    INNER JOIN evidence AS seen
        ON seen.condition_id = code.condition_id AND NOT seen.is_code
        AND seen.found_on BETWEEN code.found_on - 60 AND code.found_on + 60
    WHERE code.is_code
)

SELECT
    evidence.event_id,
    evidence.person_id,
    evidence.condition_id,
    evidence.found_on,
    evidence.concept_id
FROM evidence
LEFT JOIN supported ON supported.event_id = evidence.event_id
WHERE NOT evidence.is_code OR supported.event_id IS NOT NULL
