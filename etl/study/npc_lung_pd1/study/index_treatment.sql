-- One row per index event: the treatment from the index date to the first progression: days with cytotoxic drugs,
-- cumulative cisplatin (mg), PD-1 doses and maintenance, radiotherapy of the arm, local therapy of the lung.
WITH chemotherapy AS (
    SELECT
        event.person_id,
        count(DISTINCT given.given_on)            AS chemotherapy_days,
        max(given.given_on)                       AS last_chemotherapy_on,
        sum(CASE WHEN given.ingredient = 'cisplatin' THEN drug.quantity END) AS cisplatin_mg
    FROM study.index_event AS event
    CROSS JOIN study.setting AS setting
    INNER JOIN study.anticancer_administration AS given
        ON given.person_id = event.person_id
        AND given.is_cytotoxic
        AND given.given_on >= event.index_on - setting.chemotherapy_days
    INNER JOIN cdm.drug_exposure AS drug ON drug.drug_exposure_id = given.drug_exposure_id
    WHERE
        NOT EXISTS (
            SELECT 1
            FROM study.first_progression AS progression
            WHERE progression.person_id = given.person_id AND progression.found_on < given.given_on
        )
    GROUP BY event.person_id
),

cycle AS (
    SELECT
        event.person_id,
        count(*)                                  AS cycles
    FROM study.index_event AS event
    CROSS JOIN study.setting AS setting
    INNER JOIN cdm.episode AS part
        ON part.person_id = event.person_id
        AND part.episode_concept_id = 32532       -- Treatment cycle
        AND part.episode_start_date >= event.index_on - setting.chemotherapy_days
    WHERE
        NOT EXISTS (
            SELECT 1
            FROM study.first_progression AS progression
            WHERE
                progression.person_id = part.person_id
                AND progression.found_on < part.episode_start_date
        )
    GROUP BY event.person_id
),

later AS (
    SELECT
        progression.person_id,
        count(*)                                  AS later_lines
    FROM study.first_progression AS progression
    INNER JOIN cdm.episode AS line
        ON line.person_id = progression.person_id
        AND line.episode_concept_id = 32531       -- Treatment regimen
        AND line.episode_start_date >= progression.found_on
    GROUP BY progression.person_id
),

radiotherapy AS (
    SELECT
        course.person_id,
        string_agg(DISTINCT course.site, ', ' ORDER BY course.site) AS rt_site,
        min(course.began_on)                      AS rt_began_on,
        max(course.dose_gy)                       AS rt_dose_gy,
        max(course.fractions)                     AS rt_fractions,
        max(course.dose_gy * (1 + course.dose_gy / nullif(course.fractions, 0) / setting.alpha_beta_gy))
                                                  AS rt_bed_gy
    FROM study.study_radiotherapy AS course
    CROSS JOIN study.setting AS setting
    GROUP BY course.person_id
),

local_therapy AS (
    SELECT
        event.person_id,
        min(done.procedure_date)                  AS lung_local_therapy_on
    FROM study.index_event AS event
    INNER JOIN cdm.procedure_occurrence AS done
        ON done.person_id = event.person_id AND done.procedure_date >= event.metastasis_on
    INNER JOIN vocabulary.codelist AS listed
        ON listed.concept_id = done.procedure_concept_id AND listed.codelist = 'local_therapy_lung'
    GROUP BY event.person_id
)

SELECT
    event.person_id,
    cycle.cycles,
    chemotherapy.chemotherapy_days,
    chemotherapy.cisplatin_mg,
    period.pd1_doses,
    period.pd1_drugs,
    period.is_pd1_switched,
    period.last_pd1_on,
    -- Longer than a cycle and a week's delay after the last chemotherapy.
    period.last_pd1_on - chemotherapy.last_chemotherapy_on > setting.same_regimen_days AS has_pd1_maintenance,
    radiotherapy.rt_site,
    radiotherapy.rt_began_on,
    radiotherapy.rt_began_on - event.index_on     AS rt_days,
    radiotherapy.rt_dose_gy,
    radiotherapy.rt_fractions,
    radiotherapy.rt_bed_gy,
    local_therapy.lung_local_therapy_on,
    coalesce(later.later_lines, 0)                AS later_lines
FROM study.index_event AS event
CROSS JOIN study.setting AS setting
LEFT JOIN study.treatment_period AS period ON period.person_id = event.person_id
LEFT JOIN chemotherapy ON chemotherapy.person_id = event.person_id
LEFT JOIN cycle ON cycle.person_id = event.person_id
LEFT JOIN radiotherapy ON radiotherapy.person_id = event.person_id
LEFT JOIN local_therapy ON local_therapy.person_id = event.person_id
LEFT JOIN later ON later.person_id = event.person_id
