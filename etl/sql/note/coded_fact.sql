-- One row per fact that the maps have a code for (npc_note_fact, npc_metastasis_site, npc_vital, npc_stage),
-- denied and only possible ones too, with what else is told of it. A value without a line of its own
-- takes its family's: AUTOIMMUNE:... is AUTOIMMUNE. Sizes in mm; dates as told, as long as they are precise.
WITH mapped AS (
    SELECT DISTINCT
        source_vocabulary_id,
        source_code
    FROM vocabulary.code_map
    WHERE source_vocabulary_id IN ('npc_note_fact', 'npc_metastasis_site')
),

named AS (
    SELECT
        *,
        detail ->> '$.site'                       AS site,
        detail ->> '$.site_text'                  AS site_text,
        detail ->> '$.nature'                     AS nature,
        detail ->> '$.date'                       AS told_on,
        coalesce((detail ->> '$.elsewhere') = 'true', FALSE) AS is_elsewhere,
        upper(detail ->> '$.side')                AS side,
        upper(detail ->> '$.region')              AS region,
        CASE WHEN detail ->> '$.edition' = '8' THEN 'AJCC8:' ELSE '' END AS edition_code
    FROM note.fact
),

placed AS (
    SELECT
        *,
        upper(site) || ':' || CASE
            -- A lobe only where one is named.
            WHEN site = 'lung' AND side = 'LEFT' AND regexp_full_match(site_text, '[^上中下]*[上下][^上中下]*叶[^上中下]*')
                THEN 'LEFT:' || regexp_extract(site_text, '[上下]')
            WHEN site = 'lung' AND side = 'RIGHT' AND regexp_full_match(site_text, '[^上中下]*[上中下][^上中下]*叶[^上中下]*')
                THEN 'RIGHT:' || regexp_extract(site_text, '[上中下]')
            WHEN site = 'lung' THEN side
            WHEN site = 'lymph_node' AND contains(site_text, '腹股沟') THEN 'INGUINAL'
            WHEN site = 'lymph_node' THEN region
            ELSE nullif(regexp_extract(site_text, '肺门|胸壁|皮肤|软组织|卵巢|骨髓|腹膜后|脑膜'), '')
        END                                       AS exact_site_code
    FROM named
),

sited AS (
    SELECT
        placed.*,
        coalesce(mapped.source_code, upper(placed.site), 'OTHER') AS site_code
    FROM placed
    LEFT JOIN mapped
        ON mapped.source_vocabulary_id = 'npc_metastasis_site'
        AND mapped.source_code = placed.exact_site_code
),

worded AS (
    SELECT
        *,
        CASE
            WHEN type = 'finding' AND nature = 'metastasis' THEN 'npc_metastasis_site'
            WHEN type IN ('kps', 'ecog') THEN 'npc_vital'
            WHEN type IN ('response', 'stage', 'tnm') THEN 'npc_stage'
            ELSE 'npc_note_fact'
        END                                       AS vocabulary,
        CASE type
            WHEN 'finding'
                THEN CASE nature
                    WHEN 'metastasis' THEN site_code
                    WHEN 'primary' THEN 'PRIMARY_TUMOUR'
                    WHEN 'recurrence' THEN 'RECURRENCE:' || upper(coalesce(site, 'other'))
                END
            WHEN 'kps' THEN 'KPS'
            WHEN 'ecog' THEN 'ECOG'
            WHEN 'response' THEN 'RECIST:' || value
            WHEN 'stage' THEN edition_code || upper(value)
            WHEN 'tnm' THEN edition_code || upper(regexp_extract(value, '^T(is|[0-9xX][a-d]?)'))
            WHEN 'diagnosis' THEN CASE WHEN value IS NOT NULL THEN 'HISTOLOGY' END
            WHEN 'marker' THEN 'MARKER:' || upper(value)
            WHEN 'adverse_event' THEN 'AE:' || upper(value)
            WHEN 'pneumonitis' THEN 'PNEUMONITIS:' || upper(value)
            WHEN 'cns_symptom' THEN 'CNS:' || value
            WHEN 'autoimmune_disease' THEN 'AUTOIMMUNE:' || value
            WHEN 'radiotherapy' THEN 'RADIOTHERAPY:' || upper(coalesce(value, 'other'))
            WHEN 'systemic_therapy' THEN 'SYSTEMIC:' || upper(value)
            WHEN 'recurrence' THEN 'RECURRENCE:' || upper(coalesce(value, 'other'))
            WHEN 'trial'
                THEN CASE
                    WHEN value = 'taken_part' AND detail ->> '$.kind' = 'observation' THEN 'TRIAL:OBSERVATION'
                    ELSE 'TRIAL:' || upper(value)
                END
            -- A premedication is the chemotherapy's.
            WHEN 'steroid' THEN CASE WHEN coalesce(detail ->> '$.premedication', '') <> 'true' THEN 'STEROID' END
            WHEN 'progression' THEN 'PROGRESSION'
            WHEN 'death' THEN 'DEATH'
            WHEN 'unfit' THEN 'UNFIT'
        END                                       AS exact_code
    FROM sited
)

SELECT
    worded.source_no,
    worded.row_id,
    worded.person_id,
    worded.visit_id,
    worded.noted_at,
    worded.fact_no,
    worded.type,
    worded.value,
    worded.fact_text,
    worded.certainty,
    worded.vocabulary,
    CASE
        WHEN worded.vocabulary = 'npc_note_fact' AND mapped.source_code IS NULL
            THEN split_part(worded.exact_code, ':', 1)
        ELSE worded.exact_code
    END                                           AS code,
    worded.site,
    worded.site_code,
    worded.nature,
    worded.told_on,
    worded.is_elsewhere,
    worded.detail
FROM worded
LEFT JOIN mapped
    ON mapped.source_vocabulary_id = worded.vocabulary AND mapped.source_code = worded.exact_code
WHERE worded.exact_code IS NOT NULL
