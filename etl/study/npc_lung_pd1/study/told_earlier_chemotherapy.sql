-- One row per note that tells chemotherapy given elsewhere between the first distant metastasis and the index
-- date's own chemotherapy (e3). A date that may lie outside is unresolved; without a date it is the primary
-- treatment's.
SELECT
    event.person_id,
    said.observation_id,
    said.concept_id,
    said.begins_from                              AS told_on,
    said.date_precision,
    said.begins_from < metastasis.found_on
    OR least(said.ends_to, said.noted_on) > event.index_on - setting.earlier_chemotherapy_days
                                                  AS is_unresolved
FROM study.index_event AS event
CROSS JOIN study.setting AS setting
INNER JOIN study.first_distant_metastasis AS metastasis ON metastasis.person_id = event.person_id
INNER JOIN study.told_history AS said
    ON said.person_id = event.person_id
    AND said.concept_id = 2000000045              -- Chemotherapy in the history
    AND said.is_elsewhere
    AND said.begins_from <= event.index_on - setting.earlier_chemotherapy_days
    AND said.ends_to >= metastasis.found_on
