-- One row per note that tells an immune checkpoint inhibitor before the index date: by the date told, or by
-- the note's own, since what is told has happened (a note of the index day itself may mean that day's dose,
-- unless it was given elsewhere). Told later, a date that may be before or after it, or none, stays unresolved
-- where it was given elsewhere (here the administrations are on record).
SELECT
    event.person_id,
    said.observation_id,
    said.concept_id,
    coalesce(said.begins_from, said.noted_on)     AS told_on,
    coalesce(said.date_precision, 'day')          AS date_precision,
    least(said.ends_to, said.noted_on) >= event.index_on
    AND NOT (said.is_elsewhere AND said.noted_on <= event.index_on) AS is_unresolved
FROM study.index_event AS event
INNER JOIN study.told_history AS said
    ON said.person_id = event.person_id
    AND said.concept_id = 2000000046              -- Immune checkpoint inhibitor in the history
WHERE
    least(said.ends_to, said.noted_on) < event.index_on
    OR (said.is_elsewhere AND coalesce(said.begins_from < event.index_on, TRUE))
