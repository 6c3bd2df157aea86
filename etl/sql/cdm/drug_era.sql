-- One row per person, ingredient and stretch of exposures no more than 30 days apart. Maps target
-- ingredients, or clinical drugs whose ingredients the vocabulary knows; a drug without a known
-- ingredient has no era. An era takes its first event's id.
WITH used AS (
    SELECT DISTINCT drug_concept_id
    FROM cdm.drug_exposure
    WHERE drug_concept_id <> 0
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
        made_of.ingredient_concept_id,
        -- A drug of several ingredients begins several eras: each takes an id of its own.
        row_number() OVER (
            PARTITION BY made_of.drug_concept_id ORDER BY made_of.ingredient_concept_id
        ) - 1                                                            AS ingredient_no
    FROM made_of
    INNER JOIN vocabulary.concept AS concept
        ON concept.concept_id = made_of.ingredient_concept_id
        AND concept.concept_class_id = 'Ingredient'
),

exposure AS (
    SELECT
        drug.drug_exposure_id + ingredient.ingredient_no * 10            AS drug_exposure_id,
        drug.person_id,
        ingredient.ingredient_concept_id,
        drug.drug_exposure_start_date                                    AS start_on,
        greatest(
            drug.drug_exposure_start_date, drug.drug_exposure_end_date
        )                                                                AS end_on
    FROM cdm.drug_exposure AS drug
    INNER JOIN ingredient ON ingredient.drug_concept_id = drug.drug_concept_id
),

marked AS (
    SELECT
        *,
        date_diff('day', max(end_on) OVER earlier, start_on)             AS days_since
    FROM exposure
    WINDOW earlier AS (
        PARTITION BY person_id, ingredient_concept_id
        ORDER BY start_on, drug_exposure_id
        ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
    )
),

numbered AS (
    SELECT
        *,
        sum(CASE WHEN coalesce(days_since, 31) > 30 THEN 1 ELSE 0 END) OVER (
            PARTITION BY person_id, ingredient_concept_id
            ORDER BY start_on, drug_exposure_id
        ) AS era
    FROM marked
)

SELECT
    arg_min(drug_exposure_id, (start_on, drug_exposure_id)) AS drug_era_id,
    person_id,
    ingredient_concept_id                                   AS drug_concept_id,
    min(start_on)                                           AS drug_era_start_date,
    max(end_on)                                             AS drug_era_end_date,
    count(*)                                                AS drug_exposure_count,
    -- Days inside the era on which no exposure ran.
    sum(CASE WHEN days_since BETWEEN 2 AND 30 THEN days_since - 1 ELSE 0 END) AS gap_days
FROM numbered
GROUP BY person_id, ingredient_concept_id, era
