-- One row per NPC patient with an index date (p2): the first PD-1 inhibitor on or after the thoracic
-- metastasis (and shortly before it) that has cytotoxic chemotherapy near it, and the nearest of that.
SELECT
    person_id,
    metastasis_on,
    is_possible_only,
    index_on,
    pd1_exposure_id,
    pd1_concept_id,
    pd1_ingredient,
    chemotherapy_exposure_id,
    chemotherapy_concept_id,
    chemotherapy_ingredient,
    chemotherapy_on
FROM (
    SELECT
        pd1.person_id,
        metastasis.found_on               AS metastasis_on,
        metastasis.is_possible_only,
        pd1.given_on                      AS index_on,
        pd1.drug_exposure_id              AS pd1_exposure_id,
        pd1.concept_id                    AS pd1_concept_id,
        pd1.ingredient                    AS pd1_ingredient,
        chemotherapy.drug_exposure_id     AS chemotherapy_exposure_id,
        chemotherapy.concept_id           AS chemotherapy_concept_id,
        chemotherapy.ingredient           AS chemotherapy_ingredient,
        chemotherapy.given_on             AS chemotherapy_on,
        row_number() OVER (
            PARTITION BY pd1.person_id
            ORDER BY
                pd1.given_on,
                pd1.drug_exposure_id,
                abs(chemotherapy.given_on - pd1.given_on),
                chemotherapy.given_on,
                chemotherapy.drug_exposure_id
        )                                 AS place
    FROM study.metastasis_start AS metastasis
    CROSS JOIN study.setting AS setting
    INNER JOIN study.anticancer_administration AS pd1
        ON pd1.person_id = metastasis.person_id
        AND pd1.starts_index
        AND pd1.given_on >= metastasis.found_on - setting.index_days_before_metastasis
    INNER JOIN study.anticancer_administration AS chemotherapy
        ON chemotherapy.person_id = pd1.person_id
        AND chemotherapy.is_cytotoxic
        AND chemotherapy.given_on BETWEEN pd1.given_on - setting.chemotherapy_days
        AND pd1.given_on + setting.chemotherapy_days
) AS ranked
WHERE place = 1
