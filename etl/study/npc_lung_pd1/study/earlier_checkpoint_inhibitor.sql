-- One row per administration of a checkpoint inhibitor of any kind before the index date (e1).
SELECT
    event.person_id,
    given.drug_exposure_id,
    given.concept_id,
    given.ingredient,
    given.given_on
FROM study.index_event AS event
INNER JOIN study.anticancer_administration AS given
    ON given.person_id = event.person_id
    AND given.is_checkpoint_inhibitor
    AND given.given_on < event.index_on
