-- One row per direction between what a pathology report found (a histology, a metastasis, a marker) and
-- the specimen that it examined, and between a lesion that an imaging report states and the examination
-- that shows it; a lesion's sizes point at the lesion. Laboratory results are not linked: the CDM would
-- grow by two rows a result.
WITH found AS (
    SELECT
        fact.event_id             AS fact_id,
        fact.domain_id            AS fact_domain,
        source.event_id           AS source_id,
        source.domain_id          AS source_domain
    FROM stem.event AS fact
    INNER JOIN stem.event AS source
        ON source.source_no = fact.source_no AND source.row_id = fact.row_id
        AND source.domain_id = CASE fact.source_no WHEN 12 THEN 'Specimen' ELSE 'Procedure' END
    WHERE
        (fact.source_no = 12 AND fact.domain_id IN ('Condition', 'Measurement'))
        OR (
            fact.source_no = 11 AND fact.domain_id IN ('Measurement', 'Observation')
            -- A lesion; what is told of it points at another measurement or observation.
            AND coalesce(fact.linked_field_concept_id, 1147127) = 1147127
        )
),

both_ways AS (
    SELECT
        fact_domain               AS domain_1,
        fact_id                   AS fact_id_1,
        source_domain             AS domain_2,
        source_id                 AS fact_id_2,
        CASE source_domain WHEN 'Specimen' THEN 'Has specimen' ELSE 'Using finding method' END
                                  AS relationship_id
    FROM found

    UNION ALL

    SELECT
        source_domain             AS domain_1,
        source_id                 AS fact_id_1,
        fact_domain               AS domain_2,
        fact_id                   AS fact_id_2,
        CASE source_domain WHEN 'Specimen' THEN 'Specimen of' ELSE 'Finding method of' END
                                  AS relationship_id
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
