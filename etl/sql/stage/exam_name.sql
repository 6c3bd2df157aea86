-- One row per distinct examination (modality, name, region): the code under which the map knows it. The
-- whole name speaks first; else modality, body part and contrast are read from it (CT:胸部:增强), and
-- from the region column where the name has no part. Chest and abdomen in one count as chest. What
-- cannot be read so takes the longest mapped wording, and at last the modality alone.
WITH written AS (
    SELECT
        modality_text,
        exam_text,
        region_text,
        normal_code(modality_text)                                        AS modality_code,
        normal_code(exam_text)                                            AS exam_code,
        normal_code(concat_ws(':', modality_text, exam_text))             AS wording,
        coalesce(normal_code(exam_text), '') || coalesce(normal_code(modality_text), '') AS t,
        normal_code(region_text)                                          AS region_code
    FROM (SELECT DISTINCT modality_text, exam_text, region_text FROM stage.imaging_report) AS report
),

parts AS (
    SELECT
        *,
        CASE
            WHEN regexp_matches(t, 'PET[-/]?CT') THEN 'PETCT'
            WHEN regexp_matches(t, 'ECT|骨扫描|骨显像') THEN 'ECT'
            WHEN regexp_matches(t, 'MR|磁共振') THEN 'MR'
            WHEN contains(t, 'CT') THEN 'CT'
            WHEN regexp_matches(t, '超声|彩超|B超|^US|US$') THEN 'US'
            WHEN regexp_matches(t, 'DR|X线|X光|胸片|平片') THEN 'DR'
        END                                                               AS modality,
        regexp_matches(t, '增强|强化') AND NOT regexp_matches(t, '(未|无|不)增强') AS is_contrast,
        CASE
            WHEN regexp_matches(exam_code, '胸|肺|纵[隔膈]|腹|肝|盆|椎|脊|鼻咽|颈|头|颅|脑|淋巴结|甲状腺|心脏|全身|躯干|骨')
                THEN exam_code
            ELSE region_code
        END                                                               AS r
    FROM written
),

placed AS (
    SELECT
        *,
        CASE
            WHEN regexp_matches(r, '全身|躯干') THEN '全身'
            WHEN regexp_matches(r, '胸|肺|纵[隔膈]') AND NOT contains(r, '胸椎')
                THEN CASE WHEN regexp_matches(r, '腹|肝') THEN '胸腹部' ELSE '胸部' END
            WHEN regexp_matches(r, '椎|脊') THEN '脊柱'
            WHEN contains(r, '鼻咽') THEN '鼻咽'
            WHEN contains(r, '甲状腺') THEN '甲状腺'
            WHEN contains(r, '淋巴结') AND modality = 'US' THEN '浅表淋巴结'
            WHEN contains(r, '颈') THEN '颈部'
            WHEN regexp_matches(r, '头|颅|脑') THEN '头颅'
            WHEN regexp_matches(r, '腹|肝') THEN '腹部'
            WHEN contains(r, '心脏') THEN '心脏'
            WHEN contains(r, '骨') THEN '骨'
        END                                                               AS region
    FROM parts
),

-- The keys of an examination; the first that the map has wins.
wanted AS (
    SELECT
        placed.modality_text,
        placed.exam_text,
        placed.region_text,
        place.place,
        CASE place.place
            WHEN 1 THEN placed.exam_code
            WHEN 2 THEN CASE WHEN placed.is_contrast THEN placed.modality || ':' || placed.region || ':增强' END
            WHEN 3 THEN CASE WHEN placed.is_contrast AND placed.region IS NOT NULL THEN placed.modality || ':增强' END
            WHEN 4 THEN placed.modality || ':' || placed.region
        END                                                               AS map_code
    FROM placed
    CROSS JOIN (VALUES (1), (2), (3), (4)) AS place (place)
),

mapped AS (
    SELECT DISTINCT source_code
    FROM vocabulary.code_map
    WHERE source_vocabulary_id = 'npc_exam'
),

found AS (
    SELECT
        wanted.modality_text,
        wanted.exam_text,
        wanted.region_text,
        arg_min(wanted.map_code, wanted.place) AS map_code
    FROM wanted
    INNER JOIN mapped ON mapped.source_code = wanted.map_code
    GROUP BY wanted.modality_text, wanted.exam_text, wanted.region_text
),

worded AS (
    SELECT
        written.wording,
        arg_max(mapped.source_code, (length(mapped.source_code), mapped.source_code)) AS map_code
    FROM (SELECT DISTINCT wording FROM written) AS written
    INNER JOIN mapped ON contains(written.wording, mapped.source_code)
    GROUP BY written.wording
)

SELECT
    placed.modality_text,
    placed.exam_text,
    placed.region_text,
    coalesce(
        found.map_code,
        CASE WHEN placed.is_contrast AND contrast.source_code IS NOT NULL THEN contrast.source_code END,
        worded.map_code,
        placed.wording
    ) AS map_code
FROM placed
LEFT JOIN found
    ON found.modality_text IS NOT DISTINCT FROM placed.modality_text
    AND found.exam_text IS NOT DISTINCT FROM placed.exam_text
    AND found.region_text IS NOT DISTINCT FROM placed.region_text
LEFT JOIN mapped AS contrast ON contrast.source_code = placed.modality || ':增强'
LEFT JOIN worded ON worded.wording = placed.wording
