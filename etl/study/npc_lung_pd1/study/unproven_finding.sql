-- One row per metastasis, recurrence or symptom of the brain that a text about an NPC patient calls only
-- possible, or denies. What is at least probable is a clinical row of the CDM and not here.
SELECT
    note.person_id,
    said.note_nlp_id,
    said.note_nlp_concept_id              AS concept_id,
    said.nlp_date                         AS found_on,
    CASE said.term_exists WHEN 'N' THEN 'denied' ELSE 'possible' END AS certainty,
    thoracic.concept_id IS NOT NULL       AS is_thoracic,
    distant.concept_id IS NOT NULL        AS is_distant,
    cns.concept_id IS NOT NULL            AS is_cns,
    symptom.concept_id IS NOT NULL        AS is_cns_symptom,
    -- Local and regional nodal recurrence.
    said.note_nlp_concept_id IN (2000000041, 2000000042) AS is_recurrence
FROM cdm.note_nlp AS said
INNER JOIN cdm.note AS note ON note.note_id = said.note_id
INNER JOIN study.npc_patient AS patient ON patient.person_id = note.person_id
LEFT JOIN vocabulary.codelist AS thoracic
    ON thoracic.concept_id = said.note_nlp_concept_id AND thoracic.codelist = 'thoracic_metastasis'
LEFT JOIN vocabulary.codelist AS distant
    ON distant.concept_id = said.note_nlp_concept_id AND distant.codelist = 'distant_metastasis'
LEFT JOIN vocabulary.codelist AS cns
    ON cns.concept_id = said.note_nlp_concept_id AND cns.codelist = 'cns_metastasis'
LEFT JOIN vocabulary.codelist AS symptom
    ON symptom.concept_id = said.note_nlp_concept_id AND symptom.codelist = 'cns_symptom'
WHERE
    (said.term_exists = 'N' OR said.term_modifiers LIKE '%certainty=possible%')
    AND (
        thoracic.concept_id IS NOT NULL
        OR distant.concept_id IS NOT NULL
        OR symptom.concept_id IS NOT NULL
        OR said.note_nlp_concept_id IN (2000000041, 2000000042)
    )
