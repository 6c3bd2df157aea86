-- One row per distinct route text of a drug order: the code under which the map knows it.
SELECT
    route_text,
    normal_code(route_text) AS map_code
FROM (SELECT DISTINCT route_text FROM stage.medical_order WHERE is_drug AND route_text IS NOT NULL) AS written
