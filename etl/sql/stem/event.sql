-- One row per clinical event and target concept, whatever hospital table it came from. This is the
-- one place where codes meet concepts: a code without a mapping is concept 0 in its source's usual
-- domain, a code with two targets gives two events, and nothing is joined away.
WITH source_event AS (
    SELECT * FROM stem.diagnosis
    UNION ALL BY NAME
    SELECT * FROM stem.primary_histology
    UNION ALL BY NAME
    SELECT * FROM stem.front_page_operation
    UNION ALL BY NAME
    SELECT * FROM stem.tumour_annex
    UNION ALL BY NAME
    SELECT * FROM stem.medical_order
    UNION ALL BY NAME
    SELECT * FROM stem.order_execution
    UNION ALL BY NAME
    SELECT * FROM stem.premedication
    UNION ALL BY NAME
    SELECT * FROM stem.charge
    UNION ALL BY NAME
    SELECT * FROM stem.lab_report
    UNION ALL BY NAME
    SELECT * FROM stem.lab_result
    UNION ALL BY NAME
    SELECT * FROM stem.imaging_report
    UNION ALL BY NAME
    SELECT * FROM stem.pathology_report
    UNION ALL BY NAME
    SELECT * FROM stem.imaging_finding
    UNION ALL BY NAME
    SELECT * FROM stem.pathology_finding
    UNION ALL BY NAME
    SELECT * FROM stem.note_finding
    UNION ALL BY NAME
    SELECT * FROM stem.rt_plan
    UNION ALL BY NAME
    SELECT * FROM stem.rt_fraction
    UNION ALL BY NAME
    SELECT * FROM stem.rt_course_item
    UNION ALL BY NAME
    SELECT * FROM stem.vital_sign
    UNION ALL BY NAME
    SELECT * FROM stem.operation
    UNION ALL BY NAME
    SELECT * FROM stem.follow_up
    UNION ALL BY NAME
    SELECT * FROM stem.death_record
),

first_target AS (
    SELECT
        source_vocabulary_id,
        source_code,
        concept_id
    FROM vocabulary.code_map
    WHERE target_no = 0
)

SELECT
    event_id(e.row_id, e.source_no, e.position * 10 + coalesce(target.target_no, 0)) AS event_id,
    e.source_no,
    e.row_id,
    e.person_id,
    e.visit_id,
    e.start_at,
    e.end_at,
    CASE
        WHEN e.not_carried_reason IS NOT NULL THEN NULL
        ELSE coalesce(target.domain_id, e.domain_id)
    END                                      AS domain_id,
    coalesce(target.concept_id, 0)           AS concept_id,
    coalesce(target.source_concept_id, 0)    AS source_concept_id,
    e.vocabulary,
    e.code,
    e.source_value,
    e.type_concept_id,
    status.concept_id                        AS status_concept_id,
    e.status_code,
    e.value_number,
    operator.concept_id                      AS operator_concept_id,
    coalesce(target.value_as_concept_id, value.concept_id, intent.concept_id) AS value_as_concept_id,
    e.value_source,
    unit.concept_id                          AS unit_concept_id,
    e.unit_text,
    e.range_low,
    e.range_high,
    e.quantity,
    e.quantity_unit_text,
    e.days_supply,
    e.sig,
    route.concept_id                         AS route_concept_id,
    e.route_text,
    e.linked_id,
    e.linked_field_concept_id,
    e.not_carried_reason
FROM source_event AS e
LEFT JOIN vocabulary.code_map AS target
    ON target.source_vocabulary_id = e.vocabulary AND target.source_code = e.code
    AND e.not_carried_reason IS NULL
LEFT JOIN first_target AS status
    ON status.source_vocabulary_id = 'npc_condition_status' AND status.source_code = e.status_code
LEFT JOIN first_target AS operator
    ON operator.source_vocabulary_id = 'npc_operator' AND operator.source_code = e.operator_text
LEFT JOIN first_target AS value
    ON value.source_vocabulary_id = 'npc_value' AND value.source_code = e.value_code
LEFT JOIN first_target AS route
    ON route.source_vocabulary_id = 'npc_route' AND route.source_code = e.route_code
LEFT JOIN first_target AS intent
    ON intent.source_vocabulary_id = 'npc_rt_intent' AND intent.source_code = e.intent_code
LEFT JOIN stem.unit AS unit
    ON unit.unit_text = e.unit_text AND unit.vocabulary = e.vocabulary
    AND unit.code IS NOT DISTINCT FROM e.code
