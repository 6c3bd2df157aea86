-- One row per locoregional recurrence (nasopharynx, neck) of an NPC patient that is at least probable: seen on
-- imaging, or told with a date that may be an interval; without one, on or before the day of the note.
SELECT
    seen.person_id,
    seen.observation_id,
    seen.observation_concept_id                   AS concept_id,
    seen.observation_date                         AS from_on,
    seen.observation_date                         AS to_on,
    'day'                                         AS date_precision,
    'imaging'                                     AS evidence_level
FROM cdm.observation AS seen
INNER JOIN study.npc_patient AS patient ON patient.person_id = seen.person_id
WHERE
    seen.observation_concept_id IN (2000000041, 2000000042)  -- Local recurrence, regional nodal recurrence
    AND seen.observation_type_concept_id <> 32858            -- NLP

UNION ALL

SELECT
    said.person_id,
    said.observation_id,
    said.concept_id,
    coalesce(said.begins_from, said.noted_on)     AS from_on,
    least(coalesce(said.ends_to, said.noted_on), said.noted_on) AS to_on,
    coalesce(said.date_precision, 'day')          AS date_precision,
    'note'                                        AS evidence_level
FROM study.told_history AS said
WHERE said.concept_id IN (2000000041, 2000000042)
