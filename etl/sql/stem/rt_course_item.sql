-- One row per fact of a radiotherapy course: total dose in Gy and number of fractions as delivered,
-- site, intent. They point at the course's episode; a plan's own dose points at its procedure.
SELECT
    15                                        AS source_no,
    course.course_row_id                      AS row_id,
    item.position,
    course.person_id,
    NULL                                      AS visit_id,
    CASE WHEN item.position <= 2 THEN course.end_at ELSE course.start_at END AS start_at,
    CASE WHEN item.position <= 2 THEN 'Measurement' ELSE 'Observation' END AS domain_id,
    'npc_rt_item'                             AS vocabulary,
    item.code,
    course.source_value,
    32882                                     AS type_concept_id,  -- Standard algorithm from EHR
    CASE item.code WHEN 'TOTAL_DOSE' THEN course.dose_gy WHEN 'FRACTIONS' THEN course.fractions END
                                              AS value_number,
    CASE item.code WHEN 'TOTAL_DOSE' THEN 'Gy' END AS unit_text,
    CASE item.code WHEN 'SITE' THEN course.site WHEN 'INTENT' THEN course.intent_text END
                                              AS value_source,
    CASE item.code WHEN 'INTENT' THEN normal_code(course.intent_text) END AS intent_code,
    course.course_id                          AS linked_id,
    756290                                    AS linked_field_concept_id  -- episode.episode_id
FROM stem.rt_course AS course
INNER JOIN (
    VALUES (1, 'TOTAL_DOSE'), (2, 'FRACTIONS'), (3, 'SITE'), (4, 'INTENT')
) AS item(position, code)
    ON item.position <= 2
    OR (item.code = 'SITE' AND course.site IS NOT NULL)
    OR (item.code = 'INTENT' AND course.intent_text IS NOT NULL)
