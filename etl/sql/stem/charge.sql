-- One row per charge: none is an event.
SELECT
    8                                         AS source_no,
    row_id,
    0                                         AS position,
    person_id,
    visit_id,
    'charges are outside this CDM''s scope'   AS not_carried_reason
-- Not stored: only stem.event reads these rows.
FROM stage.charge
WHERE reject_reason IS NULL
