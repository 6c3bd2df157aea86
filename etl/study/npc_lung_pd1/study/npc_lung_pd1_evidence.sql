-- One row per NPC patient, criterion and CDM row that the answer rests on; an answer that rests on the
-- absence of rows has one row without a CDM table.
SELECT
    answered.person_id,
    answered.criterion_no,
    answered.criterion,
    answered.answer,
    coalesce(found.value, answered.value)         AS value,
    found.found_on,
    found.date_precision,
    found.cdm_table,
    found.cdm_id,
    found.concept_id,
    concept.concept_name
FROM study.npc_lung_pd1_criterion AS answered
LEFT JOIN study.evidence_row AS found
    ON found.person_id = answered.person_id AND found.criterion = answered.criterion
LEFT JOIN vocabulary.concept AS concept ON concept.concept_id = found.concept_id
ORDER BY answered.person_id, answered.criterion_no, found.found_on, found.cdm_table, found.cdm_id
