-- One row per note that tells radiotherapy of an NPC patient before the first distant metastasis, with or
-- without a date: such a patient was not metastatic at diagnosis. Without a date only what is noted near the
-- metastasis counts; later notes tell the treatment of the metastatic disease.
SELECT
    said.person_id,
    said.observation_id,
    said.concept_id,
    said.noted_on,
    said.date_text
FROM study.told_history AS said
INNER JOIN study.first_distant_metastasis AS metastasis ON metastasis.person_id = said.person_id
CROSS JOIN study.setting AS setting
WHERE
    said.concept_id IN (2000000391, 2000000044)  -- Radiotherapy of the nasopharynx, radiotherapy
    AND (
        said.ends_from < metastasis.found_on
        OR (said.ends_from IS NULL AND said.noted_on <= metastasis.found_on + setting.de_novo_days)
    )
