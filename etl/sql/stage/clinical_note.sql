-- One row per current signed note; drafts are void by contract.
SELECT
    note.row_id,
    link.person_id,
    link.visit_id,
    note.WSLX                                           AS note_type_text,
    note.WSBT                                           AS title_text,
    note.WSNR                                           AS note_text,
    coalesce(source_timestamp(note.JLSJ), link.start_at) AS noted_at,
    CASE
        WHEN link.visit_key IS NULL THEN 'no such visit'
        WHEN link.reject_reason IS NOT NULL THEN link.reject_reason
        WHEN note.WSNR IS NULL THEN 'no text'
    END                                                 AS reject_reason
FROM raw.EMR_WS AS note
LEFT JOIN stage.visit_link AS link ON link.visit_key = note.JZLSH
WHERE note.fate = 'current'
