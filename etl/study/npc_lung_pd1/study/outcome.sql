-- One row per index event: overall survival (to death, censored at the last contact), progression-free survival
-- (to the first progression or death, censored at the last tumour assessment, day 0 without one) and best
-- response. A death known to the month keeps its precision.
SELECT
    event.person_id,
    event.index_on,
    coalesce(death.death_date, greatest(contact.last_contact_on, event.index_on)) AS os_on,
    greatest(coalesce(death.death_date, contact.last_contact_on) - event.index_on, 0) AS os_days,
    CASE WHEN death.person_id IS NOT NULL THEN 1 ELSE 0 END AS os_event,
    CASE WHEN death.person_id IS NOT NULL THEN coalesce(precision.text, 'day') ELSE 'day' END
                                                  AS os_precision,
    cause.concept_name                            AS cause_of_death,
    contact.last_contact_on,
    coalesce(
        least(progression.found_on, death.death_date),
        greatest(assessed.last_on, event.index_on)
    )                                             AS pfs_on,
    greatest(
        coalesce(least(progression.found_on, death.death_date), assessed.last_on, event.index_on)
        - event.index_on, 0
    )                                             AS pfs_days,
    CASE
        WHEN progression.person_id IS NOT NULL OR death.person_id IS NOT NULL THEN 1
        ELSE 0
    END                                           AS pfs_event,
    CASE
        WHEN progression.found_on <= coalesce(death.death_date, progression.found_on)
            THEN progression.date_precision
        WHEN death.person_id IS NOT NULL THEN coalesce(precision.text, 'day')
        ELSE 'day'
    END                                           AS pfs_precision,
    progression.sign                              AS progression_sign,
    progression.cdm_table                         AS progression_table,
    progression.cdm_id                            AS progression_id,
    response.best_response,
    response.best_response IN ('CR', 'PR')        AS is_responder,
    coalesce(assessed.assessments, 0)             AS assessments,
    assessed.mean_interval_days
FROM study.index_event AS event
INNER JOIN study.last_contact AS contact ON contact.person_id = event.person_id
INNER JOIN study.best_response AS response ON response.person_id = event.person_id
LEFT JOIN cdm.death AS death
    ON death.person_id = event.person_id AND death.death_date >= event.index_on
LEFT JOIN vocabulary.concept AS cause
    ON cause.concept_id = death.cause_concept_id AND cause.concept_id <> 0
LEFT JOIN (
    SELECT
        person_id,
        min(value_as_string)                      AS text
    FROM cdm.observation
    WHERE observation_concept_id = 2000000255     -- Precision of the date of death
    GROUP BY person_id
) AS precision ON precision.person_id = event.person_id
LEFT JOIN study.first_progression AS progression ON progression.person_id = event.person_id
LEFT JOIN study.tumour_assessment AS assessed ON assessed.person_id = event.person_id
