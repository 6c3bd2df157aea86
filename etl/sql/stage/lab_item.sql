-- One row per distinct laboratory item: the code under which the map knows it.
-- The hospital's code speaks first; an unknown code is looked up by the item's name.
-- EBV DNA in copies and in IU are two quantities (trap 19): the unit is part of the item.
WITH item AS (
    SELECT DISTINCT
        ZBDM               AS item_code,
        ZBMC               AS item_name,
        DW                 AS unit_text
    FROM raw.LIS_JG
    WHERE fate = 'current'
),

mapped AS (
    SELECT DISTINCT source_code
    FROM vocabulary.code_map
    WHERE source_vocabulary_id = 'npc_lab'
)

SELECT
    item.item_code,
    item.item_name,
    item.unit_text,
    coalesce(
        by_code_unit.source_code,
        by_code.source_code,
        by_name_unit.source_code,
        by_name.source_code,
        normal_code(coalesce(item.item_code, item.item_name))
    ) AS map_code
FROM item
LEFT JOIN mapped AS by_code_unit
    ON by_code_unit.source_code = normal_code(item.item_code) || ':' || normal_code(item.unit_text)
LEFT JOIN mapped AS by_code
    ON by_code.source_code = normal_code(item.item_code)
LEFT JOIN mapped AS by_name_unit
    ON by_name_unit.source_code = normal_code(item.item_name) || ':' || normal_code(item.unit_text)
LEFT JOIN mapped AS by_name
    ON by_name.source_code = normal_code(item.item_name)
