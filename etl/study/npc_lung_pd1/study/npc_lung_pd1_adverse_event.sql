-- One row per eligible patient and term of adverse event: worst grade, onset, whether it is immune-related, and
-- whether systemic glucocorticoids were begun for it. A grade that no note tells stays empty.
SELECT
    seen.person_id,
    eligible.arm,
    seen.concept_id,
    concept.concept_name                          AS term,
    max(seen.grade)                               AS worst_grade,
    min(seen.found_on)                            AS onset_on,
    min(seen.found_on) - seen.index_on            AS onset_days,
    bool_or(seen.is_immune_related)               AS is_immune_related,
    bool_or(run.drug_exposure_id IS NOT NULL)     AS has_steroids,
    min(run.began_on)                             AS steroids_on,
    min(seen.condition_occurrence_id)             AS condition_occurrence_id
FROM study.npc_lung_pd1_candidate AS eligible
CROSS JOIN study.setting AS setting
INNER JOIN study.adverse_event_seen AS seen ON seen.person_id = eligible.person_id
INNER JOIN vocabulary.concept AS concept ON concept.concept_id = seen.concept_id
LEFT JOIN study.steroid_run AS run
    ON run.person_id = seen.person_id
    AND seen.is_immune_related
    AND run.began_on BETWEEN seen.found_on - setting.steroid_days_before
    AND seen.found_on + setting.steroid_days_after
WHERE eligible.eligible = 'yes'
GROUP BY seen.person_id, eligible.arm, seen.concept_id, concept.concept_name, seen.index_on
ORDER BY seen.person_id, concept.concept_name
