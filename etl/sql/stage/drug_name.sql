-- One row per distinct name and strength of a drug order: the longest known name that it holds (trap 16).
-- "单抗" and the like are no names: only what the map lists is found. A drug beats its solvent, and a
-- Latin abbreviation counts only as a whole word (GEM, S-1, MP). A name that says placebo or blinded
-- beats them all: which of the two was given is not known. Where the map has the product
-- (NAME:STRENGTH, a clinical drug), that comes before the name alone (an ingredient). The vocabulary's
-- own names count whole, and as parts only of a name in which no curated one is found.
WITH distinct_product AS (
    SELECT
        name_text,
        strength_text,
        normal_code(name_text)     AS normal_name,
        normal_code(strength_text) AS normal_strength
    FROM (
        SELECT DISTINCT
            name_text,
            strength_text
        FROM stage.medical_order
        WHERE is_drug AND name_text IS NOT NULL
    ) AS written
),

distinct_name AS (
    SELECT DISTINCT
        name_text,
        normal_name
    FROM distinct_product
),

known AS (
    SELECT
        line.source_code,
        bool_and(coalesce(line.status, '') = 'vocabulary') AS is_of_vocabulary,
        CASE
            WHEN bool_or(kind.codelist = 'blinded_trial_drug') THEN 3
            WHEN max(line.concept_id) <> 0 AND NOT coalesce(bool_or(kind.codelist = 'solvent'), FALSE) THEN 2
            WHEN max(line.concept_id) <> 0 THEN 1
            ELSE 0
        END                                              AS weight,
        CASE
            WHEN regexp_full_match(line.source_code, '[A-Z0-9-]+')
                THEN '(^|[^A-Z0-9])' || regexp_escape(line.source_code)
                    || '($|[^A-Z0-9]|[0-9.]+(MG|UG|ΜG|G|ML|IU|支|瓶))'
        END                                              AS whole_word
    FROM vocabulary.code_map AS line
    LEFT JOIN vocabulary.codelist AS kind
        ON kind.concept_id = line.concept_id AND kind.codelist IN ('blinded_trial_drug', 'solvent')
    WHERE line.source_vocabulary_id = 'npc_drug'
    GROUP BY line.source_code
),

curated AS (
    SELECT
        distinct_name.name_text,
        arg_max(
            known.source_code,
            (known.weight, length(known.source_code), known.source_code)
        ) AS source_code
    FROM distinct_name
    INNER JOIN known
        ON NOT known.is_of_vocabulary
        -- The pattern is tried only where the letters are there: it is what costs time.
        AND CASE
            WHEN NOT contains(distinct_name.normal_name, known.source_code) THEN FALSE
            WHEN known.whole_word IS NULL THEN TRUE
            ELSE regexp_matches(distinct_name.normal_name, known.whole_word)
        END
    GROUP BY distinct_name.name_text
),

of_vocabulary AS (
    SELECT
        unknown.name_text,
        arg_max(known.source_code, (length(known.source_code), known.source_code)) AS source_code
    FROM (
        SELECT distinct_name.*
        FROM distinct_name
        LEFT JOIN curated ON curated.name_text = distinct_name.name_text
        WHERE curated.name_text IS NULL
    ) AS unknown
    INNER JOIN known
        ON known.is_of_vocabulary AND known.whole_word IS NULL
        AND contains(unknown.normal_name, known.source_code)
    GROUP BY unknown.name_text
)

SELECT
    distinct_product.name_text,
    distinct_product.strength_text,
    coalesce(
        product.source_code,
        CASE WHEN coalesce(guess.weight, 0) < 3 THEN whole.source_code END,
        curated.source_code,
        of_vocabulary.source_code,
        distinct_product.normal_name
    ) AS map_code
FROM distinct_product
LEFT JOIN curated ON curated.name_text = distinct_product.name_text
LEFT JOIN known AS guess ON guess.source_code = curated.source_code
LEFT JOIN of_vocabulary ON of_vocabulary.name_text = distinct_product.name_text
LEFT JOIN known AS whole ON whole.source_code = distinct_product.normal_name
LEFT JOIN known AS product
    ON product.source_code
    = coalesce(curated.source_code, distinct_product.normal_name) || ':' || distinct_product.normal_strength
