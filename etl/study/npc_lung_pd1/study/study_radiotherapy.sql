-- One row per course of radiotherapy that makes the arm "RT": to a thoracic metastasis, or consolidative to
-- another metastasis or the neck, begun between shortly before the index date and the first progression.
SELECT
    event.person_id,
    course.episode_id,
    course.concept_id,
    course.site,
    course.began_on,
    course.ended_on,
    course.dose_gy,
    course.fractions
FROM study.index_event AS event
CROSS JOIN study.setting AS setting
INNER JOIN study.radiotherapy_course AS course
    ON course.person_id = event.person_id
    AND course.began_on >= event.index_on - setting.radiotherapy_days_before_index
INNER JOIN vocabulary.codelist AS site
    ON site.code = course.site
    AND (
        site.codelist = 'thoracic_rt_site'
        OR (site.codelist = 'consolidative_rt_site' AND NOT course.is_palliative)
    )
WHERE
    NOT EXISTS (
        SELECT 1
        FROM study.progression AS progression
        WHERE progression.person_id = event.person_id AND progression.found_on <= course.began_on
    )
