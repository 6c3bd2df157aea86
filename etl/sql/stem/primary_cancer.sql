-- One row per person and primary cancer (three-character ICD-10 category): since when it is known, and
-- the one condition that stands for it: that of its histology, else its first coded diagnosis. What
-- modifies the cancer points at this condition; its disease episode carries the same id.
SELECT
    diagnosis.person_id,
    diagnosis.category,
    -- least() leaves out what is NULL: a biopsy may come before the first code, or not at all.
    least(min(diagnosis.diagnosed_on), min(CAST(histology.start_at AS DATE))) AS first_on,
    coalesce(
        min(histology.condition_id),
        arg_min(diagnosis.event_id, (diagnosis.diagnosed_on, diagnosis.event_id))
    )                                             AS condition_id,
    coalesce(
        min(histology.concept_id),
        arg_min(diagnosis.concept_id, (diagnosis.diagnosed_on, diagnosis.event_id))
    )                                             AS concept_id,
    coalesce(min(histology.code), arg_min(diagnosis.topography, (diagnosis.diagnosed_on, diagnosis.event_id)))
                                                  AS source_value
FROM stem.cancer_diagnosis AS diagnosis
LEFT JOIN stem.primary_histology AS histology
    ON histology.person_id = diagnosis.person_id AND histology.category = diagnosis.category
GROUP BY diagnosis.person_id, diagnosis.category
