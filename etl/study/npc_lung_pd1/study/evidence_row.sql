-- One row per person, criterion and CDM row that its answer rests on, with what that row says.
SELECT person_id, criterion, cdm_table, cdm_id, concept_id, found_on, date_precision, value FROM study.evidence_population
UNION ALL
SELECT person_id, criterion, cdm_table, cdm_id, concept_id, found_on, date_precision, value FROM study.evidence_inclusion
UNION ALL
SELECT person_id, criterion, cdm_table, cdm_id, concept_id, found_on, date_precision, value FROM study.evidence_primary_treatment
UNION ALL
SELECT person_id, criterion, cdm_table, cdm_id, concept_id, found_on, date_precision, value FROM study.evidence_earlier_treatment
UNION ALL
SELECT person_id, criterion, cdm_table, cdm_id, concept_id, found_on, date_precision, value FROM study.evidence_other_disease
