-- One row per eligible patient. Disease, treatment, outcome and safety follow with the text work.
SELECT
    candidate.person_id,
    candidate.metastasis_on,
    candidate.index_on,
    candidate.index_on                            AS first_pd1_on,
    candidate.first_pd1,
    candidate.first_chemotherapy_on,
    candidate.chemotherapy,
    candidate.arm,
    person.gender_concept_id,
    person.year_of_birth,
    person.month_of_birth,
    kps.amount                                    AS kps,
    ecog.amount                                   AS ecog,
    contact.last_contact_on,
    contact.died_on
FROM study.npc_lung_pd1_candidate AS candidate
INNER JOIN cdm.person AS person ON person.person_id = candidate.person_id
INNER JOIN study.last_contact AS contact ON contact.person_id = candidate.person_id
LEFT JOIN study.baseline_measurement AS kps
    ON kps.person_id = candidate.person_id AND kps.item = 'kps'
LEFT JOIN study.baseline_measurement AS ecog
    ON ecog.person_id = candidate.person_id AND ecog.item = 'ecog'
WHERE candidate.eligible = 'yes'
ORDER BY candidate.person_id
