-- One row per episode: a cancer's disease episode with its extent and dynamics as children, a line of
-- systemic treatment with its cycles, a radiotherapy course, a surgery. Each takes its first event's id.
SELECT
    condition_id                              AS episode_id,
    person_id,
    32533                                     AS episode_concept_id,  -- Episode of Care: the disease
    first_on                                  AS episode_start_date,
    NULL                                      AS episode_end_date,
    NULL                                      AS episode_parent_id,
    NULL                                      AS episode_number,
    concept_id                                AS episode_object_concept_id,
    32882                                     AS episode_type_concept_id,  -- Standard algorithm from EHR
    source_value                              AS episode_source_value,
    0                                         AS episode_source_concept_id
FROM stem.primary_cancer

UNION ALL

SELECT
    arg_min(event_id, (found_on, event_id))   AS episode_id,
    min(person_id)                            AS person_id,
    32944                                     AS episode_concept_id,  -- Metastatic Disease
    min(found_on)                             AS episode_start_date,
    NULL                                      AS episode_end_date,
    condition_id                              AS episode_parent_id,
    NULL                                      AS episode_number,
    arg_min(concept_id, (found_on, event_id)) AS episode_object_concept_id,
    32882                                     AS episode_type_concept_id,
    NULL                                      AS episode_source_value,
    0                                         AS episode_source_concept_id
FROM stem.metastasis_evidence
GROUP BY condition_id

UNION ALL

SELECT
    stretch_id                                AS episode_id,
    min(person_id)                            AS person_id,
    min(concept_id)                           AS episode_concept_id,
    min(assessed_on)                          AS episode_start_date,
    max(assessed_on)                          AS episode_end_date,
    min(condition_id)                         AS episode_parent_id,
    NULL                                      AS episode_number,
    min(object_concept_id)                    AS episode_object_concept_id,
    32882                                     AS episode_type_concept_id,
    min(source_value)                         AS episode_source_value,
    0                                         AS episode_source_concept_id
FROM stem.response
GROUP BY stretch_id

UNION ALL

SELECT
    line_id                                   AS episode_id,
    person_id,
    32531                                     AS episode_concept_id,  -- Treatment Regimen
    start_on                                  AS episode_start_date,
    end_on                                    AS episode_end_date,
    condition_id                              AS episode_parent_id,
    line_no                                   AS episode_number,
    concept_id                                AS episode_object_concept_id,
    32882                                     AS episode_type_concept_id,
    source_value                              AS episode_source_value,
    0                                         AS episode_source_concept_id
FROM stem.treatment_line

UNION ALL

SELECT
    exposure.cycle_id                         AS episode_id,
    min(exposure.person_id)                   AS person_id,
    32532                                     AS episode_concept_id,  -- Treatment Cycle
    min(exposure.given_on)                    AS episode_start_date,
    max(exposure.end_on)                      AS episode_end_date,
    min(exposure.line_id)                     AS episode_parent_id,
    min(exposure.cycle_no)                    AS episode_number,
    min(line.concept_id)                      AS episode_object_concept_id,
    32882                                     AS episode_type_concept_id,
    min(line.source_value)                    AS episode_source_value,
    0                                         AS episode_source_concept_id
FROM stem.line_exposure AS exposure
INNER JOIN stem.treatment_line AS line ON line.line_id = exposure.line_id
GROUP BY exposure.cycle_id

UNION ALL

SELECT
    course_id                                 AS episode_id,
    person_id,
    32940                                     AS episode_concept_id,  -- Cancer Radiotherapy
    CAST(start_at AS DATE)                    AS episode_start_date,
    CAST(end_at AS DATE)                      AS episode_end_date,
    condition_id                              AS episode_parent_id,
    CAST(row_number() OVER (PARTITION BY person_id ORDER BY start_at, course_id) AS INTEGER)
                                              AS episode_number,
    concept_id                                AS episode_object_concept_id,
    32882                                     AS episode_type_concept_id,
    source_value                              AS episode_source_value,
    0                                         AS episode_source_concept_id
FROM stem.rt_course

UNION ALL

SELECT
    surgery_id                                AS episode_id,
    min(person_id)                            AS person_id,
    32939                                     AS episode_concept_id,  -- Cancer Surgery
    min(CAST(start_at AS DATE))               AS episode_start_date,
    max(CAST(start_at AS DATE))               AS episode_end_date,
    min(condition_id)                         AS episode_parent_id,
    NULL                                      AS episode_number,
    max(concept_id)                           AS episode_object_concept_id,
    32882                                     AS episode_type_concept_id,
    min(kind)                                 AS episode_source_value,
    0                                         AS episode_source_concept_id
FROM stem.cancer_surgery
GROUP BY surgery_id
