-- One row per statement about the central nervous system of an index patient that bears on e4: the metastasis
-- (proven or only possible), a symptom, a denied symptom, or a drug against brain oedema that is neither
-- hydration nor premedication. Symptoms and drugs from shortly before the metastasis until the index date.
WITH lesion AS (
    SELECT
        event.person_id,
        event.index_on,
        'measurement'                             AS cdm_table,
        found.measurement_id                      AS cdm_id,
        found.concept_id,
        found.found_on,
        'metastasis'                              AS said
    FROM study.index_event AS event
    INNER JOIN study.metastasis AS found
        ON found.person_id = event.person_id
        AND found.is_cns
        AND found.evidence_level IN ('imaging', 'pathology', 'note')
        AND found.found_on <= event.index_on

    UNION ALL

    SELECT
        event.person_id,
        event.index_on,
        'note_nlp'                                AS cdm_table,
        said.note_nlp_id                          AS cdm_id,
        said.concept_id,
        said.found_on,
        'possible metastasis'                     AS said
    FROM study.index_event AS event
    INNER JOIN study.unproven_finding AS said
        ON said.person_id = event.person_id
        AND said.is_cns
        AND said.certainty = 'possible'
        AND said.found_on <= event.index_on
),

period AS (
    SELECT
        lesion.person_id,
        lesion.index_on,
        min(lesion.found_on) - max(setting.cns_symptom_days_before) AS from_on
    FROM lesion
    CROSS JOIN study.setting AS setting
    GROUP BY lesion.person_id, lesion.index_on
)

SELECT
    person_id,
    cdm_table,
    cdm_id,
    concept_id,
    found_on,
    said
FROM lesion

UNION ALL

SELECT
    period.person_id,
    'condition_occurrence'                        AS cdm_table,
    symptom.condition_occurrence_id               AS cdm_id,
    symptom.condition_concept_id                  AS concept_id,
    symptom.condition_start_date                  AS found_on,
    'symptom'                                     AS said
FROM period
INNER JOIN cdm.condition_occurrence AS symptom
    ON symptom.person_id = period.person_id
    AND symptom.condition_start_date BETWEEN period.from_on AND period.index_on
INNER JOIN vocabulary.codelist AS listed
    ON listed.concept_id = symptom.condition_concept_id AND listed.codelist = 'cns_symptom'

UNION ALL

SELECT
    period.person_id,
    'note_nlp'                                    AS cdm_table,
    denied.note_nlp_id                            AS cdm_id,
    denied.concept_id,
    denied.found_on,
    'symptom denied'                              AS said
FROM period
INNER JOIN study.unproven_finding AS denied
    ON denied.person_id = period.person_id
    AND denied.is_cns_symptom
    AND denied.certainty = 'denied'
    AND denied.found_on BETWEEN period.from_on AND period.index_on

UNION ALL

SELECT
    period.person_id,
    'drug_exposure'                               AS cdm_table,
    drug.drug_exposure_id                         AS cdm_id,
    drug.drug_concept_id                          AS concept_id,
    drug.drug_exposure_start_date                 AS found_on,
    'drug against brain oedema'                   AS said
FROM period
CROSS JOIN study.setting AS setting
INNER JOIN cdm.drug_exposure AS drug
    ON drug.person_id = period.person_id
    AND drug.drug_exposure_start_date BETWEEN period.from_on AND period.index_on
    AND drug.drug_type_concept_id = 32818         -- EHR administration record
INNER JOIN vocabulary.codelist AS listed
    ON listed.concept_id = drug.drug_concept_id AND listed.codelist = 'brain_oedema_drug'
WHERE
    NOT EXISTS (
        SELECT 1
        FROM study.anticancer_administration AS given
        WHERE
            given.person_id = drug.person_id
            AND given.is_cytotoxic
            AND drug.drug_exposure_start_date
            BETWEEN given.given_on - setting.chemotherapy_fluid_days_before
            AND given.given_on + setting.chemotherapy_fluid_days_after
    )
