-- One row per index event: a measurable lesion in lung, mediastinum or pleura? One is enough. All too small or
-- never measurable: no. A lesion without a size, or no such examination: unknown.
SELECT
    event.person_id,
    'i5'                                          AS criterion,
    CASE
        WHEN lesion.has_measurable THEN 'met'
        WHEN lesion.has_unsized THEN 'unknown'
        WHEN lesion.person_id IS NOT NULL THEN 'not met'
        ELSE 'unknown'
    END                                           AS answer,
    CASE
        WHEN lesion.has_measurable OR (lesion.largest_mm IS NOT NULL AND NOT lesion.has_unsized)
            THEN CAST(CAST(lesion.largest_mm AS NUMERIC(18, 1)) AS VARCHAR) || ' mm'
        WHEN lesion.has_unsized THEN 'lesion without a size'
        WHEN lesion.person_id IS NOT NULL THEN 'effusion or thickening only'
        ELSE 'no lesion on PET/CT or contrast CT in the window'
    END                                           AS value,
    lesion.found_on,
    'day'                                         AS date_precision
FROM study.index_event AS event
LEFT JOIN (
    SELECT
        person_id,
        bool_or(judged = 'measurable')            AS has_measurable,
        bool_or(judged = 'unsized')               AS has_unsized,
        coalesce(
            max(CASE WHEN judged = 'measurable' THEN size_mm END),
            max(CASE WHEN judged = 'small' THEN size_mm END)
        )                                         AS largest_mm,
        coalesce(
            min(CASE WHEN judged = 'measurable' THEN found_on END),
            min(found_on)
        )                                         AS found_on
    FROM study.baseline_lesion
    GROUP BY person_id
) AS lesion ON lesion.person_id = event.person_id
