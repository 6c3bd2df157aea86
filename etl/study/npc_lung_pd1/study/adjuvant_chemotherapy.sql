-- One row per NPC patient with adjuvant chemotherapy: the last cytotoxic dose of the unbroken series that
-- began within the setting's days after the end of radiotherapy and before the first distant metastasis.
WITH dose AS (
    SELECT
        radiotherapy.person_id,
        given.drug_exposure_id,
        given.concept_id,
        given.given_on,
        lag(given.given_on, 1, radiotherapy.ended_to) OVER (
            PARTITION BY radiotherapy.person_id ORDER BY given.given_on, given.drug_exposure_id
        )                                         AS earlier_on
    FROM study.primary_radiotherapy AS radiotherapy
    INNER JOIN study.anticancer_administration AS given
        ON given.person_id = radiotherapy.person_id
        AND given.is_cytotoxic
        AND given.given_on > radiotherapy.ended_to
    WHERE
        NOT EXISTS (
            SELECT 1
            FROM study.first_distant_metastasis AS metastasis
            WHERE metastasis.person_id = given.person_id AND metastasis.found_on <= given.given_on
        )
),

marked AS (
    SELECT
        dose.*,
        sum(CASE WHEN dose.given_on - dose.earlier_on > setting.adjuvant_days THEN 1 ELSE 0 END) OVER (
            PARTITION BY dose.person_id ORDER BY dose.given_on, dose.drug_exposure_id
        )                                         AS breaks
    FROM dose
    CROSS JOIN study.setting AS setting
)

SELECT
    person_id,
    drug_exposure_id,
    concept_id,
    given_on                                      AS last_on
FROM (
    SELECT
        marked.*,
        row_number() OVER (
            PARTITION BY person_id ORDER BY given_on DESC, drug_exposure_id DESC
        )                                         AS place
    FROM marked
    WHERE breaks = 0
) AS ranked
WHERE place = 1
