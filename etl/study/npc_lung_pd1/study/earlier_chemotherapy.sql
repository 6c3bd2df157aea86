-- One row per cytotoxic administration between the first distant metastasis and the index date's own
-- chemotherapy (e3). Is it the first cycle of the same regimen, given shortly before the index?
SELECT
    event.person_id,
    given.drug_exposure_id,
    given.concept_id,
    given.ingredient,
    given.given_on,
    metastasis.measurement_id                     AS metastasis_measurement_id,
    setting.same_regimen_allowed
    AND regimen.ingredient IS NOT NULL
    AND given.given_on >= event.index_on - setting.same_regimen_days AS is_allowed
FROM study.index_event AS event
CROSS JOIN study.setting AS setting
INNER JOIN study.first_distant_metastasis AS metastasis ON metastasis.person_id = event.person_id
INNER JOIN study.anticancer_administration AS given
    ON given.person_id = event.person_id
    AND given.is_cytotoxic
    AND given.given_on BETWEEN metastasis.found_on
    AND event.index_on - setting.earlier_chemotherapy_days
LEFT JOIN study.index_regimen AS regimen
    ON regimen.person_id = event.person_id AND regimen.ingredient = given.ingredient
