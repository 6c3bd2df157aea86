-- One row per exposure of a cancer patient to a cytotoxic, targeted or checkpoint drug, with its
-- ingredient and its agent: drugs that are exchanged for one another without a new line of treatment
-- (platinum salts, taxanes, fluoropyrimidines, PD-1 antibodies) are one agent.
WITH ingredient AS (
    SELECT
        listed.concept_id,
        upper(min(listed.name))                               AS ingredient,
        CASE
            WHEN bool_or(listed.codelist = 'platinum') THEN '[PLATINUM]'
            WHEN bool_or(listed.codelist = 'taxane') THEN '[TAXANE]'
            WHEN bool_or(listed.codelist = 'fluoropyrimidine') THEN '[FLUOROPYRIMIDINE]'
            WHEN bool_or(listed.codelist = 'pd1') THEN '[PD1]'
            ELSE upper(min(listed.name))
        END                                                   AS agent,
        CASE
            WHEN bool_or(listed.codelist = 'checkpoint_inhibitor') THEN 'CHECKPOINT'
            WHEN bool_or(listed.codelist = 'targeted') THEN 'TARGETED'
            ELSE 'CYTOTOXIC'
        END                                                   AS kind
    FROM vocabulary.codelist AS listed
    WHERE
        listed.codelist IN (
            'checkpoint_inhibitor', 'cytotoxic', 'fluoropyrimidine', 'pd1', 'platinum', 'targeted', 'taxane'
        )
        AND listed.concept_id <> 0
    GROUP BY listed.concept_id
),

-- A product of two such ingredients counts as the first by name: one exposure stays one row.
product AS (
    SELECT
        below.descendant_concept_id                           AS concept_id,
        min(ingredient.ingredient)                            AS ingredient,
        arg_min(ingredient.agent, ingredient.ingredient)      AS agent,
        arg_min(ingredient.kind, ingredient.ingredient)       AS kind
    FROM ingredient
    INNER JOIN vocabulary.concept_ancestor AS below
        ON below.ancestor_concept_id = ingredient.concept_id
    GROUP BY below.descendant_concept_id
),

patient AS (
    SELECT DISTINCT person_id
    FROM stem.primary_cancer
)

SELECT
    exposure.event_id,
    exposure.person_id,
    exposure.visit_id,
    CAST(exposure.start_at AS DATE)                           AS given_on,
    CAST(coalesce(exposure.end_at, exposure.start_at) AS DATE) AS end_on,
    product.ingredient,
    product.agent,
    product.kind
FROM stem.event AS exposure
INNER JOIN product ON product.concept_id = exposure.concept_id
INNER JOIN patient ON patient.person_id = exposure.person_id
WHERE exposure.domain_id = 'Drug' AND exposure.start_at IS NOT NULL
