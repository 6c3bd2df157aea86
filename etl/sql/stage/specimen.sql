-- One row per distinct specimen text of the laboratory: the code under which the map knows it, and the
-- fluid that a result of it belongs to. Serum, plasma and an unstated specimen are blood: NULL.
WITH written AS (
    SELECT
        specimen_text,
        normal_code(specimen_text) AS map_code
    FROM (SELECT DISTINCT specimen_text FROM stage.lab_report WHERE specimen_text IS NOT NULL) AS report
)

SELECT
    specimen_text,
    map_code,
    CASE
        WHEN contains(map_code, '尿') THEN '尿'
        WHEN regexp_matches(map_code, '便|粪') THEN '便'
        WHEN contains(map_code, '脑脊') THEN '脑脊液'
        WHEN regexp_matches(map_code, '胸水|胸腔|腹水|腹腔|心包|积液|引流|穿刺液') THEN '体液'
        WHEN contains(map_code, '痰') THEN '痰'
        WHEN contains(map_code, '骨髓') THEN '骨髓'
        WHEN regexp_matches(map_code, '拭子|分泌物|脱落') THEN '分泌物'
        WHEN regexp_matches(map_code, '组织|活检|切片') THEN '组织'
        WHEN contains(map_code, '全血') THEN '全血'
    END AS fluid
FROM written
