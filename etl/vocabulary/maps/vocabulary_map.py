"""The vocabulary's own maps: "Maps to" for the codes that a Chinese hospital uses.

`mappings/vocabulary/source_vocabulary.csv` says which vocabularies of a bundle know the codes of
one of our source vocabularies, in which order, and whether by code or by name. The starter
vocabulary holds almost none of them, so these maps begin with a full bundle.
"""

from pathlib import Path

import duckdb

from etl.errors import ContractError
from etl.vocabulary.maps.present_code import fill_present_codes
from etl.vocabulary.tables import csv_rows, header, quoted, shown

HEADER = [
    "source_vocabulary_id",
    "position",
    "vocabulary_id",
    "matched_by",
    "code_like",
    "note",
]
MOST_TARGETS = 10  # target_no is one digit


def fill_vocabulary_rows(lake: Path, mappings: Path, con: duckdb.DuckDBPyConnection) -> None:
    """Create the temporary tables `vocabulary_row` and `source_concept`, from the bundle.

    `source_concept`: the concept of a code itself, standard or not, one row per source vocabulary
    and normalised code; of the vocabulary named first that knows it, a valid concept before a
    retired one, and none where several share the code or name. `vocabulary_row`: the columns of the
    code map; one row per source vocabulary, normalised code and standard, valid target. Where two
    vocabularies know a code, the one named first and mapped decides. A single "Maps to value"
    beside a single target becomes its value. Only codes that the landed hospital has written are
    taken, all of them where none is landed. Set SQL: a bundle of 7 M concepts takes seconds.
    Raises ContractError on a wrong header, and where a code has more than ten targets.
    """
    path = mappings / "vocabulary" / "source_vocabulary.csv"
    if header(path) != HEADER:
        raise ContractError(f"{shown(path)}: wrong header: use {','.join(HEADER)}")
    folder = lake / "vocabulary"
    known = ", ".join(f"'{name}'" for name in ["", *fill_present_codes(con)])
    for statement in (_SPELT, _SOURCE_CONCEPT, _ROWS):
        con.execute(
            statement.format(
                known=known,
                lookup=csv_rows(path),
                concept=f"read_parquet({quoted(folder / 'concept.parquet')})",
                synonym=f"read_parquet({quoted(folder / 'concept_synonym.parquet')})",
                relationship=f"read_parquet({quoted(folder / 'concept_relationship.parquet')})",
            )
        )
    con.execute("DROP TABLE spelt_code")
    many = con.execute(
        "SELECT source_vocabulary_id, source_code FROM vocabulary_row WHERE target_no >= ?"
        " ORDER BY ALL LIMIT 1",
        [MOST_TARGETS],
    ).fetchone()
    if many:
        raise ContractError(
            f"vocabulary: {many[0]} code {many[1]} has more than {MOST_TARGETS} targets:"
            f" map it in mappings/concepts/{many[0]}.csv"
        )


_SPELT = """
CREATE OR REPLACE TEMP TABLE spelt_code AS
WITH lookup AS (
    SELECT
        source_vocabulary_id, CAST(position AS INTEGER) AS position, vocabulary_id, matched_by,
        code_like
    FROM {lookup}
),

known AS (
    SELECT lookup.*, concept.concept_id, concept.concept_code, concept.concept_name,
        concept.invalid_reason IS NOT NULL AS is_retired
    FROM {concept} AS concept
    INNER JOIN lookup
        ON lookup.vocabulary_id = concept.vocabulary_id
        AND concept.concept_code LIKE coalesce(lookup.code_like, '%')
),

-- Chinese names come as synonyms; a bundle has one to three of them.
named AS (
    SELECT known.concept_id, synonym.concept_synonym_name AS name
    FROM {synonym} AS synonym
    INNER JOIN (SELECT DISTINCT concept_id FROM known) AS known
        ON known.concept_id = synonym.concept_id
),

chinese AS (
    SELECT concept_id, min(name) AS name
    FROM named
    WHERE regexp_matches(name, '[一-龥]')
    GROUP BY concept_id
),

spelt AS (
    SELECT
        known.source_vocabulary_id, known.position, known.vocabulary_id, known.concept_id,
        known.is_retired,
        normal_code(known.concept_code)             AS source_code,
        coalesce(chinese.name, known.concept_name)  AS source_name
    FROM known
    LEFT JOIN chinese ON chinese.concept_id = known.concept_id
    WHERE known.matched_by = 'code'
    UNION
    SELECT
        known.source_vocabulary_id, known.position, known.vocabulary_id, known.concept_id,
        known.is_retired,
        normal_code(names.name)                     AS source_code,
        names.name                                  AS source_name
    FROM known
    INNER JOIN (
        SELECT concept_id, name FROM named
        UNION
        SELECT concept_id, concept_name FROM known
    ) AS names ON names.concept_id = known.concept_id
    WHERE known.matched_by = 'name'
)

SELECT spelt.*
FROM spelt
LEFT JOIN present_code
    ON present_code.source_vocabulary_id = spelt.source_vocabulary_id
    AND present_code.source_code = spelt.source_code
WHERE
    spelt.source_code IS NOT NULL
    AND (present_code.source_code IS NOT NULL OR spelt.source_vocabulary_id NOT IN ({known}))
"""

_SOURCE_CONCEPT = """
CREATE OR REPLACE TEMP TABLE source_concept AS
WITH first_known AS (
    SELECT source_vocabulary_id, source_code, concept_id
    FROM spelt_code
    QUALIFY
        dense_rank() OVER (
            PARTITION BY source_vocabulary_id, source_code ORDER BY position, is_retired
        ) = 1
)

SELECT source_vocabulary_id, source_code, min(concept_id) AS concept_id
FROM first_known
GROUP BY source_vocabulary_id, source_code
HAVING count(DISTINCT concept_id) = 1
"""

_ROWS = """
CREATE OR REPLACE TEMP TABLE vocabulary_row AS
WITH maps AS (
    SELECT relationship.concept_id_1, relationship.concept_id_2, relationship.relationship_id
    FROM {relationship} AS relationship
    WHERE
        relationship.relationship_id IN ('Maps to', 'Maps to value')
        AND relationship.invalid_reason IS NULL
        AND relationship.concept_id_1 IN (SELECT concept_id FROM spelt_code)
),

-- Unknown or outdated targets are no targets.
target AS (
    SELECT
        maps.concept_id_1, maps.relationship_id, concept.concept_id, concept.concept_name,
        concept.domain_id, concept.vocabulary_id, concept.standard_concept
    FROM {concept} AS concept
    INNER JOIN maps ON maps.concept_id_2 = concept.concept_id
    WHERE
        concept.invalid_reason IS NULL
        AND (concept.standard_concept = 'S' OR maps.relationship_id = 'Maps to value')
),

value AS (
    SELECT concept_id_1, max(concept_id) FILTER (relationship_id = 'Maps to value') AS concept_id
    FROM target
    GROUP BY concept_id_1
    HAVING
        count(*) FILTER (relationship_id = 'Maps to value') = 1
        AND count(*) FILTER (relationship_id = 'Maps to') = 1
),

mapped AS (
    SELECT
        source.source_vocabulary_id, source.source_code, source.source_name, source.position,
        target.concept_id, target.concept_name, target.domain_id, target.vocabulary_id,
        target.standard_concept,
        value.concept_id AS value_as_concept_id
    FROM spelt_code AS source
    INNER JOIN target
        ON target.concept_id_1 = source.concept_id AND target.relationship_id = 'Maps to'
    LEFT JOIN value ON value.concept_id_1 = source.concept_id
),

decided AS (
    SELECT *
    FROM mapped
    QUALIFY
        position = min(position) OVER (PARTITION BY source_vocabulary_id, source_code)
        AND row_number() OVER (
            PARTITION BY source_vocabulary_id, source_code, position, concept_id
            ORDER BY source_name, value_as_concept_id
        ) = 1
)

SELECT
    source_vocabulary_id,
    source_code,
    source_name,
    CAST(row_number() OVER (
        PARTITION BY source_vocabulary_id, source_code ORDER BY concept_id
    ) - 1 AS INTEGER) AS target_no,
    concept_id,
    concept_name,
    domain_id,
    vocabulary_id,
    standard_concept,
    value_as_concept_id,
    'vocabulary' AS status
FROM decided
"""
