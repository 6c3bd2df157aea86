-- One row per index event and cytotoxic drug given around it: the chemotherapy of the index. A drug
-- given only so early that it would be earlier chemotherapy belongs to it when nothing nearer does.
WITH around AS (
    SELECT
        event.person_id,
        given.ingredient,
        min(given.given_on)                                          AS first_on,
        bool_or(given.given_on > event.index_on - setting.earlier_chemotherapy_days) AS is_near
    FROM study.index_event AS event
    CROSS JOIN study.setting AS setting
    INNER JOIN study.anticancer_administration AS given
        ON given.person_id = event.person_id
        AND given.is_cytotoxic
        AND given.given_on BETWEEN event.index_on - setting.chemotherapy_days
        AND event.index_on + setting.chemotherapy_days
    GROUP BY event.person_id, given.ingredient
)

SELECT
    person_id,
    ingredient,
    first_on
FROM (
    SELECT
        person_id,
        ingredient,
        first_on,
        is_near,
        bool_or(is_near) OVER (PARTITION BY person_id) AS has_near
    FROM around
) AS marked
WHERE is_near OR NOT has_near
