-- One row per index event: unsuitable in the researchers' judgement? Only a signed review line says so.
SELECT
    event.person_id,
    'e9'                                          AS criterion,
    coalesce(line.decision, 'not met')            AS answer,
    coalesce(line.reviewer_code || ': ' || line.reason, 'no review line') AS value,
    line.decided_on                               AS found_on,
    'day'                                         AS date_precision
FROM study.index_event AS event
LEFT JOIN study.review_answer AS line ON line.person_id = event.person_id AND line.criterion = 'e9'
