-- One row: where this CDM comes from. Its dates are the extract's, so that a rerun is the same.
SELECT
    'Sichuan Cancer Hospital'                     AS cdm_source_name,
    'SCCH'                                        AS cdm_source_abbreviation,
    'Sichuan Cancer Hospital'                     AS cdm_holder,
    'Charts of the hospital''s data repository, mapped by npc-omop' AS source_description,
    extract.extract_on                            AS source_release_date,
    extract.extract_on                            AS cdm_release_date,
    '5.4'                                         AS cdm_version,
    756265                                        AS cdm_version_concept_id,  -- OMOP CDM Version 5.4.0
    coalesce(
        (SELECT max(vocabulary_version) FROM vocabulary.vocabulary WHERE vocabulary_id = 'None'),
        'starter'
    )                                             AS vocabulary_version
FROM stage.extract AS extract
