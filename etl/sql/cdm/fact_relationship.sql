-- One row per direction between what a pathology report found (a histology, a metastasis) and the
-- specimen that it examined. Laboratory results are not linked: the CDM would grow by two rows a result.
WITH found AS (
    SELECT
        fact.event_id             AS fact_id,
        fact.domain_id            AS fact_domain,
        specimen.event_id         AS specimen_id
    FROM stem.event AS fact
    INNER JOIN stem.event AS specimen
        ON specimen.source_no = 12 AND specimen.row_id = fact.row_id
        AND specimen.domain_id = 'Specimen'
    WHERE fact.source_no = 12 AND fact.domain_id IN ('Condition', 'Measurement')
),

both_ways AS (
    SELECT
        fact_domain               AS domain_1,
        fact_id                   AS fact_id_1,
        'Specimen'                AS domain_2,
        specimen_id               AS fact_id_2,
        'Has specimen'            AS relationship_id
    FROM found

    UNION ALL

    SELECT
        'Specimen'                AS domain_1,
        specimen_id               AS fact_id_1,
        fact_domain               AS domain_2,
        fact_id                   AS fact_id_2,
        'Specimen of'             AS relationship_id
    FROM found
)

SELECT
    one.domain_concept_id         AS domain_concept_id_1,
    both_ways.fact_id_1,
    two.domain_concept_id         AS domain_concept_id_2,
    both_ways.fact_id_2,
    kind.relationship_concept_id
FROM both_ways
INNER JOIN vocabulary.domain AS one ON one.domain_id = both_ways.domain_1
INNER JOIN vocabulary.domain AS two ON two.domain_id = both_ways.domain_2
INNER JOIN vocabulary.relationship AS kind ON kind.relationship_id = both_ways.relationship_id
