-- One row per statement about a locoregional recurrence that bears on e2: at least probable on or before the
-- index date, at a time that may be before or after it, or only possible and not denied since.
SELECT
    event.person_id,
    'observation'                                 AS cdm_table,
    found.observation_id                          AS cdm_id,
    found.concept_id,
    found.from_on                                 AS found_on,
    found.date_precision,
    CASE WHEN found.to_on <= event.index_on THEN 'certain' ELSE 'undated' END AS certainty
FROM study.index_event AS event
CROSS JOIN study.setting AS setting
INNER JOIN study.recurrence AS found
    ON found.person_id = event.person_id
    AND found.from_on BETWEEN event.index_on - setting.recurrence_window_days AND event.index_on

UNION ALL

SELECT
    event.person_id,
    'note_nlp'                                    AS cdm_table,
    said.note_nlp_id                              AS cdm_id,
    said.concept_id,
    said.found_on,
    'day'                                         AS date_precision,
    'possible'                                    AS certainty
FROM study.index_event AS event
CROSS JOIN study.setting AS setting
INNER JOIN study.unproven_finding AS said
    ON said.person_id = event.person_id
    AND said.is_recurrence
    AND said.certainty = 'possible'
    AND said.found_on BETWEEN event.index_on - setting.recurrence_window_days AND event.index_on
WHERE
    NOT EXISTS (
        SELECT 1
        FROM study.unproven_finding AS denied
        WHERE
            denied.person_id = said.person_id
            AND denied.concept_id = said.concept_id
            AND denied.certainty = 'denied'
            AND denied.found_on > said.found_on
            AND denied.found_on <= event.index_on
    )
