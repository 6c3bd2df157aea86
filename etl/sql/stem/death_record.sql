-- One row per thing about a death that the death table has no column for: that its date is known to
-- the month or year only (the CDM holds the last day), and that sources disagree by over 31 days.
SELECT
    death.source_no,
    death.row_id,
    said.position,
    death.person_id,
    NULL                                      AS visit_id,
    CAST(death.died_on AS TIMESTAMP)          AS start_at,
    'Observation'                             AS domain_id,
    'npc_death_record'                        AS vocabulary,
    said.code,
    CASE said.code WHEN 'PRECISION' THEN 'date of death: ' || death.precision ELSE 'date of death: conflict' END
                                              AS source_value,
    death.type_concept_id,
    CASE said.code WHEN 'PRECISION' THEN death.precision END AS value_source
FROM stem.death AS death
INNER JOIN (
    VALUES (50, 'PRECISION'), (51, 'CONFLICT')
) AS said(position, code)
    ON (said.code = 'PRECISION' AND death.precision <> 'day')
    OR (said.code = 'CONFLICT' AND death.has_conflict)
WHERE death.not_carried_reason IS NULL
