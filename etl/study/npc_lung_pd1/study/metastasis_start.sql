-- One row per NPC patient with a day from which the index may be counted (p2): the thoracic metastasis, or
-- where it is only possible the first finding, so that the chart review sees the whole patient.
SELECT
    person_id,
    found_on,
    FALSE AS is_possible_only
FROM study.thoracic_metastasis

UNION ALL

SELECT
    person_id,
    found_on,
    TRUE AS is_possible_only
FROM study.possible_thoracic_metastasis
