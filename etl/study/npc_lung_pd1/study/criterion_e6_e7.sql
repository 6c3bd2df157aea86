-- Two rows per index event: severe organ dysfunction, or unfit for chemoradiotherapy, in the last months
-- (e6); serious disease of another organ in the last years (e7)? What the record leaves open is unknown; a
-- suspicion says no, flagged.
SELECT
    event.person_id,
    asked.criterion,
    CASE
        WHEN found.is_resolved THEN 'met'
        WHEN found.is_unresolved THEN 'unknown'
        ELSE 'not met'
    END                                           AS answer,
    CASE
        WHEN found.is_resolved THEN found.resolved_names
        WHEN found.is_unresolved THEN found.unresolved_names || ', severity not on record'
        WHEN found.person_id IS NOT NULL THEN 'flagged: suspicion only'
        ELSE 'none on record'
    END                                           AS value,
    found.found_on,
    'day'                                         AS date_precision
FROM study.index_event AS event
CROSS JOIN (VALUES ('e6'), ('e7')) AS asked(criterion)
LEFT JOIN (
    SELECT
        person_id,
        criterion,
        bool_or(is_resolved AND NOT is_suspicion) AS is_resolved,
        bool_or(NOT is_resolved AND NOT is_suspicion) AS is_unresolved,
        string_agg(CASE WHEN is_resolved AND NOT is_suspicion THEN name END, ', ' ORDER BY name)
            AS resolved_names,
        string_agg(CASE WHEN NOT is_resolved AND NOT is_suspicion THEN name END, ', ' ORDER BY name)
            AS unresolved_names,
        min(found_on)                             AS found_on
    FROM (
        SELECT
            disease.person_id,
            disease.criterion,
            disease.is_resolved,
            disease.is_suspicion,
            concept.concept_name                  AS name,
            min(disease.found_on)                 AS found_on
        FROM study.serious_condition AS disease
        LEFT JOIN vocabulary.concept AS concept ON concept.concept_id = disease.concept_id
        GROUP BY
            disease.person_id,
            disease.criterion,
            disease.is_resolved,
            disease.is_suspicion,
            concept.concept_name
    ) AS named
    GROUP BY person_id, criterion
) AS found ON found.person_id = event.person_id AND found.criterion = asked.criterion
