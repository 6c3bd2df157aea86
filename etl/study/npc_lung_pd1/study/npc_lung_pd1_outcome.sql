-- One row per eligible patient: survival, progression and response, each with its event and precision.
SELECT
    eligible.person_id,
    eligible.arm,
    outcome.index_on,
    outcome.os_on,
    outcome.os_days,
    outcome.os_event,
    outcome.os_precision,
    outcome.cause_of_death,
    outcome.last_contact_on,
    outcome.pfs_on,
    outcome.pfs_days,
    outcome.pfs_event,
    outcome.pfs_precision,
    outcome.progression_sign,
    outcome.progression_table,
    outcome.progression_id,
    outcome.best_response,
    outcome.is_responder,
    outcome.assessments,
    outcome.mean_interval_days,
    radiotherapy.first_on                         AS radiotherapy_on,
    radiotherapy.first_on - outcome.index_on      AS radiotherapy_days
FROM study.npc_lung_pd1_candidate AS eligible
INNER JOIN study.outcome AS outcome ON outcome.person_id = eligible.person_id
LEFT JOIN (
    SELECT person_id, min(began_on) AS first_on FROM study.study_radiotherapy GROUP BY person_id
) AS radiotherapy ON radiotherapy.person_id = eligible.person_id
WHERE eligible.eligible = 'yes'
ORDER BY eligible.person_id
