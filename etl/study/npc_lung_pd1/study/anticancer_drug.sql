-- One row per drug concept that the study knows by class: the ingredients listed, local ones included,
-- and the products that the vocabulary places below them.
WITH class AS (
    SELECT
        listed.concept_id,
        lower(min(listed.name))               AS ingredient,
        bool_or(
            listed.codelist = 'pd1'
            OR (listed.codelist = 'pd_l1' AND setting.pd_l1_starts_index)
            OR (listed.codelist = 'bispecific' AND setting.bispecific_starts_index)
        )                                     AS starts_index,
        bool_or(listed.codelist <> 'cytotoxic') AS is_checkpoint_inhibitor,
        bool_or(listed.codelist = 'cytotoxic') AS is_cytotoxic
    FROM vocabulary.codelist AS listed
    CROSS JOIN study.setting AS setting
    WHERE listed.codelist IN ('pd1', 'pd_l1', 'bispecific', 'checkpoint_inhibitor', 'cytotoxic')
    GROUP BY listed.concept_id
),

product AS (
    SELECT
        class.concept_id,
        class.ingredient,
        class.starts_index,
        class.is_checkpoint_inhibitor,
        class.is_cytotoxic
    FROM class

    UNION ALL

    SELECT
        below.descendant_concept_id           AS concept_id,
        class.ingredient,
        class.starts_index,
        class.is_checkpoint_inhibitor,
        class.is_cytotoxic
    FROM class
    INNER JOIN vocabulary.concept_ancestor AS below
        ON below.ancestor_concept_id = class.concept_id
        AND below.descendant_concept_id <> class.concept_id
)

SELECT
    concept_id,
    min(ingredient)                           AS ingredient,
    bool_or(starts_index)                     AS starts_index,
    bool_or(is_checkpoint_inhibitor)          AS is_checkpoint_inhibitor,
    bool_or(is_cytotoxic)                     AS is_cytotoxic
FROM product
GROUP BY concept_id
