-- One row per treatment, recurrence, trial or inability that a note tells of an NPC patient, with the
-- interval in which it began and ended. The date stands in the text as precisely as it was told (2021,
-- 2021-03, 2021-03-05, from/to): a month is an interval of its days. Without a date the ends are NULL; the
-- day of the note is then the latest that it can have been.
WITH told AS (
    SELECT
        said.person_id,
        said.observation_id,
        said.observation_concept_id               AS concept_id,
        said.observation_date                     AS noted_on,
        said.value_as_string                      AS date_text,
        coalesce(said.value_as_concept_id, 0) = 2000000398 AS is_elsewhere,
        split_part(said.value_as_string, '/', 1)  AS first_part,
        CASE
            WHEN split_part(said.value_as_string, '/', 3) <> '' THEN split_part(said.value_as_string, '/', 3)
            WHEN split_part(said.value_as_string, '/', 2) <> '' THEN split_part(said.value_as_string, '/', 2)
            ELSE split_part(said.value_as_string, '/', 1)
        END                                       AS last_part
    FROM cdm.observation AS said
    INNER JOIN study.npc_patient AS patient ON patient.person_id = said.person_id
    WHERE
        said.observation_type_concept_id = 32858  -- NLP
        AND said.observation_concept_id IN (
            2000000391,  -- Radiotherapy of the nasopharynx in the history
            2000000044,  -- Radiotherapy in the history
            2000000045,  -- Chemotherapy in the history
            2000000046,  -- Immune checkpoint inhibitor in the history
            2000000041,  -- Local recurrence of primary tumour
            2000000042,  -- Regional nodal recurrence
            2000000390,  -- Systemic glucocorticoid told in a note
            2000000050,  -- Participation in a drug trial
            2000000397,  -- Unfit for chemoradiotherapy
            1617595      -- Cancer disease progression
        )
),

bounded AS (
    SELECT
        told.*,
        CASE length(first_part)
            WHEN 10 THEN CAST(first_part AS DATE)
            WHEN 7 THEN CAST(first_part || '-01' AS DATE)
            WHEN 4 THEN CAST(first_part || '-01-01' AS DATE)
        END                                       AS begins_from,
        CASE length(last_part)
            WHEN 10 THEN CAST(last_part AS DATE)
            WHEN 7 THEN CAST(last_part || '-01' AS DATE)
            WHEN 4 THEN CAST(last_part || '-01-01' AS DATE)
        END                                       AS ends_from
    FROM told
)

SELECT
    person_id,
    observation_id,
    concept_id,
    noted_on,
    date_text,
    is_elsewhere,
    begins_from,
    ends_from,
    CASE length(last_part)
        WHEN 10 THEN ends_from
        WHEN 7 THEN CAST(ends_from + INTERVAL '1 month' AS DATE) - 1
        WHEN 4 THEN CAST(ends_from + INTERVAL '1 year' AS DATE) - 1
    END                                           AS ends_to,
    CASE length(last_part) WHEN 10 THEN 'day' WHEN 7 THEN 'month' WHEN 4 THEN 'year' END AS date_precision
FROM bounded
