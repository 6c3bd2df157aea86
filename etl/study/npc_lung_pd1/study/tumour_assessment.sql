-- One row per index patient: how often, when last and at what interval the tumour was looked at after the index
-- date, by imaging (a response on record is copied from stay to stay).
SELECT
    person_id,
    count(*)                                      AS assessments,
    max(assessed_on)                              AS last_on,
    max(assessed_on - earlier_on)                 AS longest_interval_days,
    CAST(avg(assessed_on - earlier_on) AS DOUBLE PRECISION) AS mean_interval_days
FROM (
    SELECT
        seen.person_id,
        seen.assessed_on,
        lag(seen.assessed_on, 1, seen.index_on) OVER (
            PARTITION BY seen.person_id ORDER BY seen.assessed_on
        )                                         AS earlier_on
    FROM (
        SELECT DISTINCT
            event.person_id,
            event.index_on,
            examination.procedure_date            AS assessed_on
        FROM study.index_event AS event
        INNER JOIN cdm.procedure_occurrence AS examination
            ON examination.person_id = event.person_id
            AND examination.procedure_date > event.index_on
        INNER JOIN vocabulary.codelist AS listed
            ON listed.concept_id = examination.procedure_concept_id
            AND listed.codelist = 'tumour_imaging'
    ) AS seen
) AS stepped
GROUP BY person_id
