-- One row per person, ingredient, unit and stretch on one dose a day. The dose a day is what was given
-- on that day, or a prescription's amount over its days; it is known where amount and unit are, of
-- drugs with one ingredient. Another dose, or more than 30 days without the drug, begins another era.
-- An era takes its first event's id.
WITH used AS (
    SELECT DISTINCT drug_concept_id
    FROM cdm.drug_exposure
    WHERE drug_concept_id <> 0 AND quantity > 0
),

made_of AS (
    SELECT
        used.drug_concept_id,
        link.ancestor_concept_id                                         AS ingredient_concept_id
    FROM used
    INNER JOIN vocabulary.concept_ancestor AS link
        ON link.descendant_concept_id = used.drug_concept_id
    UNION
    SELECT
        drug_concept_id,
        drug_concept_id                                                  AS ingredient_concept_id
    FROM used
),

ingredient AS (
    SELECT
        made_of.drug_concept_id,
        min(made_of.ingredient_concept_id)                               AS ingredient_concept_id
    FROM made_of
    INNER JOIN vocabulary.concept AS concept
        ON concept.concept_id = made_of.ingredient_concept_id
        AND concept.concept_class_id = 'Ingredient'
    GROUP BY made_of.drug_concept_id
    HAVING count(*) = 1
),

-- Few distinct units are read once.
unit AS (
    SELECT
        written.dose_unit_source_value,
        known.concept_id
    FROM (
        SELECT
            dose_unit_source_value,
            normal_code(min(dose_unit_source_value)) AS code
        FROM cdm.drug_exposure
        GROUP BY dose_unit_source_value
    ) AS written
    INNER JOIN vocabulary.code_map AS known
        ON known.source_vocabulary_id = 'npc_unit'
        AND known.source_code = written.code
        AND known.target_no = 0 AND known.concept_id <> 0
),

dose AS (
    SELECT
        min(drug.drug_exposure_id)                                       AS drug_exposure_id,
        drug.person_id,
        ingredient.ingredient_concept_id,
        unit.concept_id                                                  AS unit_concept_id,
        drug.drug_exposure_start_date                                    AS start_on,
        greatest(
            drug.drug_exposure_start_date, drug.drug_exposure_end_date
        )                                                                AS end_on,
        round(
            sum(drug.quantity) / (
                1 + greatest(
                    0,
                    date_diff('day', drug.drug_exposure_start_date, drug.drug_exposure_end_date)
                )
            ),
            3
        )                                                                AS dose_value
    FROM cdm.drug_exposure AS drug
    INNER JOIN ingredient ON ingredient.drug_concept_id = drug.drug_concept_id
    INNER JOIN unit ON unit.dose_unit_source_value = drug.dose_unit_source_value
    WHERE drug.quantity > 0
    GROUP BY
        drug.person_id,
        ingredient.ingredient_concept_id,
        unit.concept_id,
        drug.drug_exposure_start_date,
        drug.drug_exposure_end_date
),

marked AS (
    SELECT
        *,
        CASE
            WHEN
                lag(dose_value) OVER in_order = dose_value
                AND date_diff('day', lag(end_on) OVER in_order, start_on) <= 30 THEN 0
            ELSE 1
        END                                                              AS is_start
    FROM dose
    WINDOW in_order AS (
        PARTITION BY person_id, ingredient_concept_id, unit_concept_id
        ORDER BY start_on, drug_exposure_id
    )
),

numbered AS (
    SELECT
        *,
        sum(is_start) OVER (
            PARTITION BY person_id, ingredient_concept_id, unit_concept_id
            ORDER BY start_on, drug_exposure_id
        )                                                                AS era
    FROM marked
)

SELECT
    arg_min(drug_exposure_id, (start_on, drug_exposure_id))              AS dose_era_id,
    person_id,
    ingredient_concept_id                                                AS drug_concept_id,
    unit_concept_id,
    min(dose_value)                                                      AS dose_value,
    min(start_on)                                                        AS dose_era_start_date,
    max(end_on)                                                          AS dose_era_end_date
FROM numbered
GROUP BY person_id, ingredient_concept_id, unit_concept_id, era
