-- One row per index patient and span of days with a systemic glucocorticoid: its dose a day in mg of
-- prednisone, NULL where the amount is not known. Topical, inhaled and local drugs are none (a route that is
-- not known counts), nor is premedication (an observation of the CDM points at it).
SELECT
    person_id,
    began_on,
    ended_on,
    sum(prednisone_mg_per_day)                    AS prednisone_mg_per_day,
    min(drug_exposure_id)                         AS drug_exposure_id
FROM (
    SELECT
        drug.person_id,
        drug.drug_exposure_id,
        drug.drug_exposure_start_date             AS began_on,
        coalesce(drug.drug_exposure_end_date, drug.drug_exposure_start_date) AS ended_on,
        drug.quantity * CASE
            WHEN lower(ingredient.name) LIKE '%dexamethasone%'
                THEN 5.0 / setting.dexamethasone_mg_like_5_mg_prednisone
            WHEN lower(ingredient.name) LIKE '%methylprednisolone%'
                THEN 5.0 / setting.methylprednisolone_mg_like_5_mg_prednisone
            WHEN lower(ingredient.name) LIKE '%hydrocortisone%'
                THEN 5.0 / setting.hydrocortisone_mg_like_5_mg_prednisone
            ELSE 1.0
        END / (
            coalesce(drug.drug_exposure_end_date, drug.drug_exposure_start_date)
            - drug.drug_exposure_start_date + 1
        )                                         AS prednisone_mg_per_day
    FROM study.index_event AS event
    CROSS JOIN study.setting AS setting
    INNER JOIN cdm.drug_exposure AS drug ON drug.person_id = event.person_id
    INNER JOIN (
        SELECT
            coalesce(below.descendant_concept_id, listed.concept_id) AS concept_id,
            min(listed.name)                      AS name
        FROM vocabulary.codelist AS listed
        LEFT JOIN vocabulary.concept_ancestor AS below
            ON below.ancestor_concept_id = listed.concept_id
        WHERE listed.codelist = 'systemic_steroid'
        GROUP BY coalesce(below.descendant_concept_id, listed.concept_id)
    ) AS ingredient ON ingredient.concept_id = drug.drug_concept_id
    LEFT JOIN vocabulary.codelist AS route
        ON route.concept_id = drug.route_concept_id AND route.codelist = 'systemic_route'
    WHERE
        (route.concept_id IS NOT NULL OR coalesce(drug.route_concept_id, 0) = 0)
        AND NOT EXISTS (
            SELECT 1
            FROM cdm.observation AS premedication
            WHERE
                premedication.observation_event_id = drug.drug_exposure_id
                AND premedication.obs_event_field_concept_id = 1147094  -- drug_exposure_id
                AND premedication.observation_concept_id = 2000000240   -- Premedication
        )
) AS given
GROUP BY person_id, began_on, ended_on
