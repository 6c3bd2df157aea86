-- One row per distinct laboratory item (code, name, unit, fluid): the code under which the map knows it.
-- The hospital's code speaks first; an unknown code is looked up by the item's name. Moles and mass,
-- copies and IU are two quantities (trap 19), so the unit is part of the item; and so is the fluid:
-- glucose in urine is never serum glucose, though whole blood may share the line of blood.
WITH item AS (
    SELECT
        written.*,
        coalesce(fluid <> '全血', FALSE)                        AS is_other_fluid,
        -- A name may say its fluid itself (尿蛋白): then it needs no prefix.
        coalesce(fluid = '全血' OR contains(item_name, fluid), TRUE) AS is_fluid_of_name,
        CASE WHEN fluid IS NOT NULL THEN fluid || ':' END       AS fluid_prefix,
        normal_code(item_code)                                  AS code,
        normal_code(item_name)                                  AS name,
        ':' || normal_code(unit_text)                           AS unit
    FROM (
        SELECT DISTINCT
            item_code,
            item_name,
            unit_text,
            fluid
        FROM stage.lab_result
    ) AS written
),

-- The keys of an item; the first that the map has wins.
wanted AS (
    SELECT
        item.item_code,
        item.item_name,
        item.unit_text,
        item.fluid,
        place.place,
        CASE place.place
            WHEN 1 THEN item.fluid_prefix || item.code || item.unit
            WHEN 2 THEN item.fluid_prefix || item.code
            WHEN 3 THEN item.fluid_prefix || item.name || item.unit
            WHEN 4 THEN item.fluid_prefix || item.name
            WHEN 5 THEN CASE WHEN NOT item.is_other_fluid THEN item.code || item.unit END
            WHEN 6 THEN CASE WHEN NOT item.is_other_fluid THEN item.code END
            WHEN 7 THEN CASE WHEN item.is_fluid_of_name THEN item.name || item.unit END
            WHEN 8 THEN CASE WHEN item.is_fluid_of_name THEN item.name END
        END AS map_code
    FROM item
    CROSS JOIN (VALUES (1), (2), (3), (4), (5), (6), (7), (8)) AS place (place)
),

mapped AS (
    SELECT
        line.source_code,
        coalesce(bool_or(sign.concept_id IS NOT NULL), FALSE) AS may_be_negative
    FROM vocabulary.code_map AS line
    LEFT JOIN vocabulary.codelist AS sign
        ON sign.codelist = 'may_be_negative' AND sign.concept_id = line.concept_id
    WHERE line.source_vocabulary_id = 'npc_lab'
    GROUP BY line.source_code
),

found AS (
    SELECT
        wanted.item_code,
        wanted.item_name,
        wanted.unit_text,
        wanted.fluid,
        arg_min(wanted.map_code, wanted.place)        AS map_code,
        arg_min(mapped.may_be_negative, wanted.place) AS may_be_negative
    FROM wanted
    INNER JOIN mapped ON mapped.source_code = wanted.map_code
    GROUP BY wanted.item_code, wanted.item_name, wanted.unit_text, wanted.fluid
)

SELECT
    item.item_code,
    item.item_name,
    item.unit_text,
    item.fluid,
    coalesce(
        found.map_code,
        concat(CASE WHEN item.is_other_fluid THEN item.fluid_prefix END, coalesce(item.code, item.name))
    )                                       AS map_code,
    coalesce(found.may_be_negative, FALSE)  AS may_be_negative
FROM item
LEFT JOIN found
    ON found.item_code IS NOT DISTINCT FROM item.item_code
    AND found.item_name IS NOT DISTINCT FROM item.item_name
    AND found.unit_text IS NOT DISTINCT FROM item.unit_text
    AND found.fluid IS NOT DISTINCT FROM item.fluid
