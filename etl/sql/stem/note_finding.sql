-- One row per thing that a signed note or a follow-up's text states of this patient: performance, stage,
-- response, adverse event with its grade, symptom, earlier treatment, trial, recurrence, progression, death.
-- What is told of the past is an observation dated by the text, with the date as told for its value: never
-- an invented exposure. Said twice in one text it is one; a text has room for 29, further ones stay in note_nlp.
WITH said AS (
    SELECT *
    FROM note.coded_fact
    WHERE
        source_no IN (13, 18) AND certainty IN ('definite', 'probable')
        AND type <> 'marker'
    QUALIFY
        row_number() OVER (
            PARTITION BY source_no, row_id, type, value, told_on, detail ->> '$.grade', detail ->> '$.dose_gy'
            ORDER BY fact_no
        ) = 1
),

placed AS (
    SELECT
        *,
        row_number() OVER (PARTITION BY source_no, row_id ORDER BY fact_no) AS place,
        CASE WHEN detail ->> '$.edition' = '8' THEN 'AJCC8:' ELSE '' END AS edition_code,
        CASE type
            WHEN 'tnm' THEN 'npc_stage'
            WHEN 'radiotherapy' THEN 'npc_rt_item'
            ELSE 'npc_note_fact'
        END                                   AS part_vocabulary
    FROM said
),

item AS (
    SELECT
        placed.*,
        unnest([
            {
                'no': 1, 'vocabulary': placed.vocabulary, 'code': placed.code,
                'number': CASE
                    WHEN type IN ('kps', 'ecog') THEN CAST(value AS DOUBLE)
                    WHEN type = 'steroid' THEN CAST(detail ->> '$.dose_mg' AS DOUBLE)
                END,
                'unit': CASE WHEN type = 'steroid' AND detail ->> '$.dose_mg' IS NOT NULL THEN 'mg' END,
                'value_code': CASE WHEN type = 'ecog' THEN 'ECOG:' || value WHEN is_elsewhere THEN 'ELSEWHERE' END,
                'text': CASE
                    WHEN type = 'diagnosis' THEN concat_ws(' ', value, detail ->> '$.differentiation')
                    WHEN type IN ('trial', 'radiotherapy', 'systemic_therapy')
                        THEN nullif(concat_ws(
                            '/', detail ->> '$.start', told_on, CASE WHEN type = 'trial' THEN detail ->> '$.end' END
                        ), '')
                    WHEN type IN ('steroid', 'recurrence', 'progression', 'death') THEN told_on
                    WHEN type IN ('tnm', 'stage', 'cns_symptom', 'autoimmune_disease') THEN value
                END
            },
            {
                'no': 2,
                'vocabulary': placed.part_vocabulary,
                'code': CASE
                    WHEN type = 'tnm' THEN edition_code || upper(nullif(regexp_extract(value, 'N[0-9xX][a-d]?'), ''))
                    WHEN type = 'adverse_event' AND detail ->> '$.grade' IS NOT NULL THEN 'AE_GRADE'
                    WHEN type = 'radiotherapy' AND detail ->> '$.dose_gy' IS NOT NULL THEN 'TOTAL_DOSE'
                END,
                'number': CASE
                    WHEN type IN ('adverse_event', 'radiotherapy')
                        THEN CAST(coalesce(detail ->> '$.grade', detail ->> '$.dose_gy') AS DOUBLE)
                END,
                'unit': CASE WHEN type = 'radiotherapy' THEN 'Gy' END,
                'value_code': NULL,
                'text': CASE WHEN type = 'tnm' THEN value END
            },
            {
                'no': 3,
                'vocabulary': placed.part_vocabulary,
                'code': CASE
                    WHEN type = 'tnm' THEN edition_code || upper(nullif(regexp_extract(value, 'M[0-9xX][a-d]?'), ''))
                    WHEN type = 'adverse_event' AND detail ->> '$.immune' = 'true' THEN 'IMMUNE_RELATED'
                    WHEN type = 'radiotherapy' AND detail ->> '$.fractions' IS NOT NULL THEN 'FRACTIONS'
                END,
                'number': CASE WHEN type = 'radiotherapy' THEN CAST(detail ->> '$.fractions' AS DOUBLE) END,
                'unit': NULL,
                'value_code': NULL,
                'text': CASE WHEN type = 'tnm' THEN value END
            }
        ])                                    AS told
    FROM placed
    WHERE place <= 29
)

SELECT
    item.source_no,
    item.row_id,
    text_position(3 * (item.place - 1) + item.told.no) AS position,
    item.person_id,
    item.visit_id,
    item.noted_at                             AS start_at,
    CASE
        WHEN item.type IN ('adverse_event', 'pneumonitis', 'cns_symptom', 'autoimmune_disease')
            AND item.told.no = 1 THEN 'Condition'
        WHEN item.type IN ('kps', 'ecog', 'response', 'tnm', 'stage', 'diagnosis') OR item.told.no = 2
            THEN 'Measurement'
        ELSE 'Observation'
    END                                       AS domain_id,
    item.told.vocabulary                      AS vocabulary,
    item.told.code                            AS code,
    item.fact_text                            AS source_value,
    32858                                     AS type_concept_id,  -- NLP
    item.told.number                          AS value_number,
    item.told.unit                            AS unit_text,
    item.told.value_code                      AS value_code,
    item.told.text                            AS value_source,
    CASE
        WHEN item.type IN ('response', 'tnm', 'stage', 'diagnosis') THEN cancer.condition_id
        WHEN item.told.no > 1 THEN event_id(item.row_id, item.source_no, 10 * text_position(3 * item.place - 2))
    END                                       AS linked_id,
    CASE
        WHEN item.type IN ('response', 'tnm', 'stage', 'diagnosis')
            THEN CASE WHEN cancer.condition_id IS NOT NULL THEN 1147127 END  -- condition_occurrence_id
        WHEN item.told.no > 1 AND item.type = 'adverse_event' THEN 1147127   -- condition_occurrence_id
        WHEN item.told.no > 1 THEN 1147165                                   -- observation_id
    END                                       AS linked_field_concept_id
FROM item
LEFT JOIN stem.visit_primary AS visit ON visit.visit_id = item.visit_id
LEFT JOIN stem.told_histology AS histology
    ON histology.source_no = item.source_no AND histology.row_id = item.row_id
    AND histology.fact_no = item.fact_no
-- A quoted histology modifies the cancer of its organ, all else the visit's.
LEFT JOIN stem.primary_cancer AS cancer
    ON cancer.person_id = item.person_id
    AND CASE
        WHEN item.type = 'diagnosis' THEN cancer.category = histology.category
        ELSE cancer.condition_id = visit.condition_id
    END
WHERE item.told.code IS NOT NULL
