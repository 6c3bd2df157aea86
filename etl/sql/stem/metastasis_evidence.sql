-- One row per measurement that says a primary cancer has distant metastases: a distant site that is
-- present, or category M1. Nodes of the neck and suspicions are none; every level of evidence counts,
-- and stays readable in the measurement's type.
SELECT
    found.event_id,
    found.person_id,
    found.linked_id                           AS condition_id,
    CAST(found.start_at AS DATE)              AS found_on,
    found.concept_id
FROM stem.event AS found
INNER JOIN (
    SELECT DISTINCT concept_id
    FROM vocabulary.codelist
    WHERE codelist IN ('distant_metastasis', 'm1_category')
) AS distant ON distant.concept_id = found.concept_id
LEFT JOIN vocabulary.code_map AS present
    ON present.source_vocabulary_id = 'npc_value' AND present.source_code = 'PRESENT'
    AND present.target_no = 0
WHERE
    found.linked_field_concept_id = 1147127  -- condition_occurrence.condition_occurrence_id
    AND found.domain_id = 'Measurement'
    AND found.start_at IS NOT NULL
    AND coalesce(found.value_as_concept_id = present.concept_id, TRUE)
