-- One row per NPC patient irradiated here: the cytotoxic drugs given before the first fraction (induction), during
-- the course (concurrent) and after it until the last adjuvant dose.
SELECT
    person_id,
    primary_dose_gy,
    string_agg(CASE WHEN phase = 'induction' THEN ingredient END, ', ' ORDER BY ingredient) AS induction_drugs,
    string_agg(CASE WHEN phase = 'concurrent' THEN ingredient END, ', ' ORDER BY ingredient) AS concurrent_drugs,
    string_agg(CASE WHEN phase = 'adjuvant' THEN ingredient END, ', ' ORDER BY ingredient) AS adjuvant_drugs
FROM (
    SELECT DISTINCT
        radiotherapy.person_id,
        course.dose_gy                            AS primary_dose_gy,
        given.ingredient,
        CASE
            WHEN given.given_on < course.began_on THEN 'induction'
            WHEN given.given_on <= course.ended_on THEN 'concurrent'
            WHEN given.given_on <= adjuvant.last_on THEN 'adjuvant'
        END                                       AS phase
    FROM study.primary_radiotherapy AS radiotherapy
    INNER JOIN study.radiotherapy_course AS course
        ON course.episode_id = radiotherapy.cdm_id AND radiotherapy.cdm_table = 'episode'
    LEFT JOIN study.adjuvant_chemotherapy AS adjuvant ON adjuvant.person_id = radiotherapy.person_id
    LEFT JOIN study.anticancer_administration AS given
        ON given.person_id = radiotherapy.person_id AND given.is_cytotoxic
) AS phased
GROUP BY person_id, primary_dose_gy
