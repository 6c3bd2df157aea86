-- One row per administration of a checkpoint inhibitor or cytotoxic drug to an NPC patient. Orders,
-- prescriptions and dispensings are no administrations; eras are never read, since a drug without a
-- standard ingredient has none.
SELECT
    exposure.person_id,
    exposure.drug_exposure_id,
    exposure.drug_exposure_start_date     AS given_on,
    exposure.drug_concept_id              AS concept_id,
    drug.ingredient,
    drug.starts_index,
    drug.is_checkpoint_inhibitor,
    drug.is_cytotoxic
FROM cdm.drug_exposure AS exposure
INNER JOIN study.npc_patient AS patient ON patient.person_id = exposure.person_id
INNER JOIN study.anticancer_drug AS drug ON drug.concept_id = exposure.drug_concept_id
WHERE exposure.drug_type_concept_id = 32818  -- EHR administration record
