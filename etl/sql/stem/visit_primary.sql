-- One row per visit whose cancer findings belong to one primary: the visit's principal diagnosis, else
-- the primary that the visit codes, else the one known before; of several the one diagnosed last
-- before it. Where that leaves two, or no primary is known yet, the visit has no row, and its
-- findings stay unlinked: a wrong link is worse than none.
WITH coded AS (
    SELECT
        visit_id,
        category,
        bool_or(is_principal) AS is_principal
    FROM stem.cancer_diagnosis
    GROUP BY visit_id, category
),

ranked AS (
    SELECT
        visit.visit_id,
        known.person_id,
        known.condition_id,
        rank() OVER (
            PARTITION BY visit.visit_id
            ORDER BY
                CASE WHEN coded.is_principal THEN 0 WHEN coded.visit_id IS NOT NULL THEN 1 ELSE 2 END,
                known.first_on DESC
        )                     AS place
    FROM stage.visit AS visit
    INNER JOIN stem.primary_cancer AS known ON known.person_id = visit.person_id
    LEFT JOIN coded ON coded.visit_id = visit.visit_id AND coded.category = known.category
    WHERE
        visit.reject_reason IS NULL
        AND (coded.visit_id IS NOT NULL OR known.first_on <= CAST(visit.end_at AS DATE))
)

SELECT
    visit_id,
    min(person_id)            AS person_id,
    min(condition_id)         AS condition_id
FROM ranked
WHERE place = 1
GROUP BY visit_id
HAVING count(*) = 1
