-- One row per index event: the first and last dose of a checkpoint inhibitor of the index treatment, how many days
-- it was given on, and the drugs among which it was switched.
SELECT
    event.person_id,
    event.index_on,
    max(given.given_on)                           AS last_pd1_on,
    count(DISTINCT given.given_on)                AS pd1_doses,
    string_agg(DISTINCT given.ingredient, ', ' ORDER BY given.ingredient) AS pd1_drugs,
    count(DISTINCT given.ingredient) > 1          AS is_pd1_switched
FROM study.index_event AS event
INNER JOIN study.anticancer_administration AS given
    ON given.person_id = event.person_id
    AND given.starts_index
    AND given.given_on >= event.index_on
GROUP BY event.person_id, event.index_on
