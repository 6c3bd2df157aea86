-- One row per code of a diagnosis record or front page. Suffixes (†, *, +) are stripped and a
-- combined code (A01.000x005+J17.0*) becomes two rows (trap 4); the front page gives its principal
-- and up to fifteen other diagnoses (trap 32). A diagnosis in words only keeps its name.
WITH written AS (
    SELECT
        3                                                AS source_no,
        row_id,
        0                                                AS place,
        person_id,
        visit_id,
        diagnosed_at,
        category_code,
        code_text,
        version_text,
        name_text,
        coalesce(suspected_flag, '0') = '1'              AS is_flagged_suspected,
        reject_reason
    FROM stage.diagnosis

    UNION ALL

    SELECT
        4                                                AS source_no,
        row_id,
        0                                                AS place,
        person_id,
        visit_id,
        start_at                                         AS diagnosed_at,
        '3'                                              AS category_code,
        principal_code                                   AS code_text,
        NULL                                             AS version_text,
        principal_name                                   AS name_text,
        FALSE                                            AS is_flagged_suspected,
        reject_reason
    FROM stage.front_page

    UNION ALL

    SELECT
        4                                                AS source_no,
        page.row_id,
        other.item.position                              AS place,
        page.person_id,
        page.visit_id,
        page.start_at                                    AS diagnosed_at,
        '4'                                              AS category_code,
        other.item.code                                  AS code_text,
        NULL                                             AS version_text,
        other.item.name                                  AS name_text,
        -- Undetermined at admission (RYBQ 2) is no suspicion: the page tells what it turned out to be.
        FALSE                                            AS is_flagged_suspected,
        page.reject_reason
    FROM stage.front_page AS page
    CROSS JOIN unnest(page.other_diagnosis) AS other(item)
    WHERE other.item.code IS NOT NULL OR other.item.name IS NOT NULL
),

split AS (
    SELECT
        *,
        string_split(regexp_replace(normal_code(code_text), '[†*+]+$', ''), '+') AS parts
    FROM written
)

SELECT
    split.source_no,
    split.row_id,
    split.place * 2 + part.no                            AS position,
    split.person_id,
    split.visit_id,
    split.diagnosed_at,
    split.category_code,
    nullif(regexp_replace(split.parts[part.no + 1], '[†*+]+$', ''), '') AS code,
    split.code_text,
    split.version_text,
    split.name_text,
    split.is_flagged_suspected
    OR regexp_matches(coalesce(split.name_text, ''), '[?？]|待排|待查|疑似|可疑|^疑|不除外|待诊') AS is_suspected
FROM split
CROSS JOIN (VALUES (0), (1)) AS part(no)
WHERE
    split.reject_reason IS NULL
    AND (part.no = 0 OR nullif(regexp_replace(split.parts[2], '[†*+]+$', ''), '') IS NOT NULL)
    AND (split.code_text IS NOT NULL OR split.name_text IS NOT NULL)
