-- One row per NPC patient whose primary treatment has an end: as an interval, with its precision. The last
-- adjuvant dose where there is one, given here or told, else the end of radiotherapy.
WITH told_adjuvant AS (
    SELECT
        radiotherapy.person_id,
        max(said.ends_from)                       AS ended_from,
        max(said.ends_to)                         AS ended_to
    FROM study.primary_radiotherapy AS radiotherapy
    CROSS JOIN study.setting AS setting
    INNER JOIN study.told_history AS said
        ON said.person_id = radiotherapy.person_id
        AND said.concept_id = 2000000045          -- Chemotherapy in the history
        AND said.is_elsewhere
        AND said.begins_from > radiotherapy.ended_from
        AND said.begins_from <= radiotherapy.ended_to + setting.adjuvant_days
    WHERE
        NOT EXISTS (
            SELECT 1
            FROM study.first_distant_metastasis AS metastasis
            WHERE metastasis.person_id = said.person_id AND metastasis.found_on <= said.ends_to
        )
    GROUP BY radiotherapy.person_id
)

SELECT
    radiotherapy.person_id,
    greatest(radiotherapy.ended_from, told.ended_from, given.last_on) AS ended_from,
    greatest(radiotherapy.ended_to, told.ended_to, given.last_on) AS ended_to,
    CASE
        WHEN given.last_on > greatest(radiotherapy.ended_to, told.ended_to) THEN 'day'
        WHEN told.person_id IS NOT NULL THEN 'month'
        ELSE radiotherapy.date_precision
    END                                           AS date_precision
FROM study.primary_radiotherapy AS radiotherapy
LEFT JOIN told_adjuvant AS told ON told.person_id = radiotherapy.person_id
LEFT JOIN study.adjuvant_chemotherapy AS given ON given.person_id = radiotherapy.person_id
