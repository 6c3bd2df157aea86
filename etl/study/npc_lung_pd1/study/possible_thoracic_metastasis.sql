-- One row per NPC patient whose thoracic metastasis is only possible, with or without a code, and who has
-- no proven lung cancer that explains it: the first such finding (p1 unknown).
SELECT
    person_id,
    note_nlp_id,
    concept_id,
    found_on
FROM (
    SELECT
        said.person_id,
        said.note_nlp_id,
        said.concept_id,
        said.found_on,
        row_number() OVER (
            PARTITION BY said.person_id ORDER BY said.found_on, said.note_nlp_id
        ) AS place
    FROM study.unproven_finding AS said
    LEFT JOIN study.thoracic_metastasis AS proven ON proven.person_id = said.person_id
    LEFT JOIN study.lung_primary AS lung ON lung.person_id = said.person_id
    WHERE
        said.is_thoracic
        AND said.certainty = 'possible'
        AND proven.person_id IS NULL
        AND lung.person_id IS NULL
) AS ranked
WHERE place = 1
