-- One row per NPC patient: the verdict. Any inclusion not met or exclusion met says no, even beside
-- unknowns; else any unknown sends the chart to review; else yes.
SELECT
    verdict.person_id,
    CASE
        WHEN verdict.failed > 0 THEN 'no'
        WHEN verdict.unknown > 0 THEN 'review'
        ELSE 'yes'
    END                                           AS eligible,
    event.metastasis_on,
    event.index_on,
    CASE
        WHEN event.person_id IS NULL THEN NULL
        WHEN course.person_id IS NOT NULL THEN 'RT'
        ELSE 'no RT'
    END                                           AS arm,
    event.pd1_ingredient                          AS first_pd1,
    regimen.first_chemotherapy_on,
    regimen.chemotherapy,
    verdict.failed_criteria,
    verdict.unknown_criteria
FROM (
    SELECT
        person_id,
        count(CASE WHEN is_failed THEN 1 END) AS failed,
        count(CASE WHEN answer = 'unknown' THEN 1 END) AS unknown,
        string_agg(CASE WHEN is_failed THEN criterion END, ', ' ORDER BY criterion_no)
                                                  AS failed_criteria,
        string_agg(CASE WHEN answer = 'unknown' THEN criterion END, ', ' ORDER BY criterion_no)
                                                  AS unknown_criteria
    FROM study.npc_lung_pd1_criterion
    GROUP BY person_id
) AS verdict
LEFT JOIN study.index_event AS event ON event.person_id = verdict.person_id
LEFT JOIN (SELECT DISTINCT person_id FROM study.study_radiotherapy) AS course
    ON course.person_id = verdict.person_id
LEFT JOIN (
    SELECT
        person_id,
        min(first_on)                             AS first_chemotherapy_on,
        string_agg(ingredient, ', ' ORDER BY ingredient) AS chemotherapy
    FROM study.index_regimen
    GROUP BY person_id
) AS regimen ON regimen.person_id = verdict.person_id
ORDER BY verdict.person_id
