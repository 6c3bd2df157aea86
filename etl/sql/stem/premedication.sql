-- One row per administration that prepares for, or accompanies, an antineoplastic treatment: a statement
-- about the exposure, which stays in drug_exposure under its own ingredient. Antiemetics,
-- antihistamines and corticosteroids within one day before to three days after a cytotoxic drug, an
-- antibody or a targeted drug of the same visit count; a corticosteroid only up to 20 mg dexamethasone
-- or its equal a day, and never as part of a course of seven days or more, which is a treatment
-- (STUDY e4, e5; trap 16).
WITH drug AS (
    -- A code may target an ingredient or a clinical drug of it: both are of the ingredient's class.
    SELECT
        line.source_code                    AS code,
        bool_or(class.codelist IN ('cytotoxic', 'checkpoint_inhibitor', 'targeted')) AS is_antineoplastic,
        bool_or(class.codelist = 'premedication_steroid' AND line.target_no = 0)     AS is_steroid,
        bool_or(class.codelist = 'premedication_other' AND line.target_no = 0)       AS is_other,
        -- mg of dexamethasone with the same effect: 0.75 = 4 methylprednisolone = 5 prednisone = 20 hydrocortisone
        max(
            CASE class.concept_id
                WHEN 1518254 THEN 1        -- concept_id of dexamethasone
                WHEN 1506270 THEN 0.75 / 4 -- concept_id of methylprednisolone
                WHEN 1551099 THEN 0.75 / 5 -- concept_id of prednisone
                WHEN 1550557 THEN 0.75 / 5 -- concept_id of prednisolone
                WHEN 975125 THEN 0.75 / 20 -- concept_id of hydrocortisone
            END
        )                                   AS dexamethasone_mg
    FROM vocabulary.code_map AS line
    INNER JOIN vocabulary.concept_ancestor AS below ON below.descendant_concept_id = line.concept_id
    INNER JOIN vocabulary.codelist AS class
        ON class.concept_id = below.ancestor_concept_id
        AND class.codelist IN (
            'checkpoint_inhibitor', 'cytotoxic', 'premedication_other', 'premedication_steroid', 'targeted'
        )
    WHERE line.source_vocabulary_id = 'npc_drug' AND line.concept_id <> 0
    GROUP BY line.source_code
),

antineoplastic AS (
    SELECT DISTINCT
        given.visit_id,
        CAST(given.start_at AS DATE) AS given_on
    FROM stem.order_execution AS given
    INNER JOIN drug ON drug.code = given.code AND drug.is_antineoplastic
    WHERE given.not_carried_reason IS NULL
),

candidate AS (
    SELECT
        given.row_id,
        given.person_id,
        given.visit_id,
        given.start_at,
        CAST(given.start_at AS DATE)        AS given_on,
        given.source_value,
        drug.is_steroid,
        CASE WHEN given.quantity_unit_text = 'mg' THEN given.quantity END * drug.dexamethasone_mg
                                            AS dexamethasone_mg
    FROM stem.order_execution AS given
    INNER JOIN drug ON drug.code = given.code AND (drug.is_steroid OR drug.is_other)
    WHERE given.not_carried_reason IS NULL
),

steroid_day AS (
    SELECT
        person_id,
        given_on,
        sum(dexamethasone_mg)               AS dexamethasone_mg,
        given_on - CAST(row_number() OVER (PARTITION BY person_id ORDER BY given_on) AS INTEGER) AS run
    FROM candidate
    WHERE is_steroid
    GROUP BY person_id, given_on
),

steroid_run AS (
    SELECT
        person_id,
        given_on,
        dexamethasone_mg,
        count(*) OVER (PARTITION BY person_id, run) AS days
    FROM steroid_day
)

SELECT
    7                                       AS source_no,
    candidate.row_id,
    1                                       AS position,
    candidate.person_id,
    candidate.visit_id,
    candidate.start_at,
    'Observation'                           AS domain_id,
    'npc_drug_role'                         AS vocabulary,
    'PREMEDICATION'                         AS code,
    candidate.source_value,
    32880                                   AS type_concept_id,  -- algorithm
    event_id(candidate.row_id, 7, 0)        AS linked_id,
    1147094                                 AS linked_field_concept_id  -- drug_exposure.drug_exposure_id
-- Not stored: only stem.event reads these rows.
FROM candidate
LEFT JOIN steroid_run
    ON candidate.is_steroid
    AND steroid_run.person_id = candidate.person_id AND steroid_run.given_on = candidate.given_on
WHERE
    EXISTS (
        SELECT 1
        FROM antineoplastic
        WHERE
            antineoplastic.visit_id = candidate.visit_id
            AND candidate.given_on BETWEEN antineoplastic.given_on - 1 AND antineoplastic.given_on + 3
    )
    AND (
        NOT candidate.is_steroid
        OR (steroid_run.days < 7 AND coalesce(steroid_run.dexamethasone_mg, 0) <= 20)
    )
