-- One row per index event: what the at-least-probable distant metastases on or before the index date (and on the
-- baseline imaging after it) were: organs, number of lesions where told, side of the lung, biopsy.
WITH found AS (
    SELECT
        event.person_id,
        seen.measurement_id,
        seen.concept_id,
        seen.found_on,
        seen.evidence_level,
        CASE listed.codelist
            WHEN 'lung_metastasis' THEN 'lung'
            WHEN 'pleural_metastasis' THEN 'pleura'
            WHEN 'mediastinal_metastasis' THEN 'mediastinum'
            WHEN 'liver_metastasis' THEN 'liver'
            WHEN 'bone_metastasis' THEN 'bone'
            WHEN 'cns_metastasis' THEN 'CNS'
            WHEN 'node_metastasis' THEN 'distant node'
            ELSE 'other'
        END                                       AS organ,
        lower(concept.concept_name)               AS name
    FROM study.index_event AS event
    CROSS JOIN study.setting AS setting
    INNER JOIN study.metastasis AS seen
        ON seen.person_id = event.person_id
        AND seen.is_distant
        AND seen.evidence_level IN ('imaging', 'pathology')
        AND seen.found_on <= event.index_on + setting.imaging_days_after
    INNER JOIN vocabulary.concept AS concept ON concept.concept_id = seen.concept_id
    LEFT JOIN vocabulary.codelist AS listed
        ON listed.concept_id = seen.concept_id
        AND listed.codelist IN (
            'lung_metastasis', 'pleural_metastasis', 'mediastinal_metastasis', 'liver_metastasis',
            'bone_metastasis', 'cns_metastasis', 'node_metastasis'
        )
),

counted AS (
    -- The lesions of one organ: the largest number that one examination tells; "multiple" is no number.
    SELECT
        found.person_id,
        found.organ,
        max(
            CASE
                WHEN number.value_as_string = 'multiple' AND number.value_as_number IS NULL THEN NULL
                ELSE coalesce(number.value_as_number, 1)
            END
        )                                         AS lesions,
        bool_or(number.value_as_string = 'multiple') AS is_multiple
    FROM found
    LEFT JOIN cdm.observation AS number
        ON number.person_id = found.person_id
        AND number.observation_event_id = found.measurement_id
        AND number.obs_event_field_concept_id = 1147138  -- measurement.measurement_id
        AND number.observation_concept_id = 4085855      -- Number of lesions
    GROUP BY found.person_id, found.organ
),

organ AS (
    SELECT
        person_id,
        string_agg(organ, ', ' ORDER BY organ)    AS organs,
        count(*)                                  AS organ_count,
        CASE WHEN bool_or(coalesce(is_multiple, FALSE)) THEN NULL ELSE CAST(sum(lesions) AS INTEGER) END
                                                  AS lesion_count
    FROM counted
    GROUP BY person_id
)

SELECT
    found.person_id,
    organ.organs,
    organ.organ_count,
    organ.lesion_count,
    organ.lesion_count <= max(setting.max_oligometastases)
    AND organ.organ_count <= max(setting.max_oligometastatic_organs) AS is_oligometastatic,
    CASE
        WHEN
            bool_or(found.name LIKE '%both lungs%')
            OR (bool_or(found.name LIKE '%left%lung%') AND bool_or(found.name LIKE '%right%lung%'))
            THEN 'both'
        WHEN bool_or(found.name LIKE '%left%lung%') THEN 'left'
        WHEN bool_or(found.name LIKE '%right%lung%') THEN 'right'
    END                                           AS lung_side,
    bool_or(found.evidence_level = 'pathology')   AS is_biopsy_proven
FROM found
CROSS JOIN study.setting AS setting
INNER JOIN organ ON organ.person_id = found.person_id
GROUP BY found.person_id, organ.organs, organ.organ_count, organ.lesion_count
