"""The local concepts: what no verified standard concept exists for, one line each in one file.

A line of `mappings/vocabulary/local_concept.csv` makes the concept, its synonym in Chinese, its
map to itself and its own ancestor row. Its last two columns may name the concept of Athena that
takes its place, by vocabulary and code: where a loaded vocabulary has that concept, the local one
is no longer standard there and maps to it, as OMOP does with any concept that is replaced.
"""

from pathlib import Path

import duckdb

from etl.errors import ContractError
from etl.vocabulary.tables import csv_rows, header, quoted, shown

FIRST = 2_000_000_000
"""Local ids begin here; Athena's end before."""

CHINESE = 2_000_000_053
VOCABULARY = "NPC-OMOP"

HEADER = [
    "concept_id",
    "concept_name",
    "domain_id",
    "vocabulary_id",
    "concept_class_id",
    "standard_concept",
    "concept_code",
    "name_zh",
    "note",
    "replaced_by_vocabulary_id",
    "replaced_by_concept_code",
]

# What becomes of a local concept in each table; `local_concept` and `local_successor` are given.
ROWS = {
    "concept": """
        SELECT
            concept_id, concept_name, domain_id, vocabulary_id, concept_class_id,
            CASE WHEN successor_id IS NULL THEN standard_concept END AS standard_concept,
            concept_code,
            DATE '1970-01-01'                                        AS valid_start_date,
            CASE WHEN successor_id IS NULL THEN DATE '2099-12-31' ELSE DATE '1970-01-01' END
                AS valid_end_date,
            CASE WHEN successor_id IS NOT NULL THEN 'U' END          AS invalid_reason
        FROM local_concept LEFT JOIN local_successor USING (concept_id)
    """,
    "concept_relationship": """
        SELECT
            CASE WHEN is_forth THEN concept_id ELSE other_id END AS concept_id_1,
            CASE WHEN is_forth THEN other_id ELSE concept_id END AS concept_id_2,
            relationship_id,
            DATE '1970-01-01'                                    AS valid_start_date,
            DATE '2099-12-31'                                    AS valid_end_date,
            NULL                                                 AS invalid_reason
        FROM (
            SELECT
                concept_id, coalesce(successor_id, concept_id) AS other_id,
                unnest(['Maps to', 'Mapped from'])             AS relationship_id,
                unnest([true, false])                          AS is_forth
            FROM local_concept LEFT JOIN local_successor USING (concept_id)
            WHERE standard_concept = 'S'
            UNION ALL
            SELECT
                concept_id, successor_id,
                unnest(['Concept replaced by', 'Concept replaces']),
                unnest([true, false])
            FROM local_successor
        )
    """,
    "concept_ancestor": """
        SELECT
            concept_id AS ancestor_concept_id,
            concept_id AS descendant_concept_id,
            0          AS min_levels_of_separation,
            0          AS max_levels_of_separation
        FROM local_concept ANTI JOIN local_successor USING (concept_id)
        WHERE standard_concept = 'S'
    """,
    "concept_synonym": f"""
        SELECT
            concept_id,
            name_zh   AS concept_synonym_name,
            {CHINESE} AS language_concept_id
        FROM local_concept
        WHERE name_zh IS NOT NULL
    """,
}


def open_local(con: duckdb.DuckDBPyConnection, mappings: Path) -> None:
    """Make `local_concept` readable, and an empty `local_successor`, for the SQL of `ROWS`.

    Raises ContractError naming the file where a line is wrong.
    """
    path = mappings / "vocabulary" / "local_concept.csv"
    if header(path) != HEADER:
        raise ContractError(f"{shown(path)}: wrong header: use {','.join(HEADER)}")
    try:
        con.execute(
            f"CREATE OR REPLACE TEMP TABLE local_concept AS SELECT * REPLACE"
            f" (CAST(concept_id AS INTEGER) AS concept_id) FROM {csv_rows(path, padded=True)}"
        )
    except duckdb.Error as error:
        raise ContractError(f"{shown(path)}: {str(error).splitlines()[0]}: mend the line") from None
    wrong = con.execute(
        "SELECT concept_id FROM local_concept GROUP BY concept_id"
        f" HAVING count(*) > 1 OR concept_id < {FIRST}"
        " OR count(replaced_by_vocabulary_id) <> count(replaced_by_concept_code)"
    ).fetchone()
    if wrong:
        raise ContractError(
            f"{shown(path)} column concept_id: {wrong[0]} is twice there, below {FIRST}, or names"
            " its successor's vocabulary without the code: mend the line"
        )
    con.execute(
        "CREATE OR REPLACE TEMP TABLE local_successor (concept_id INTEGER, successor_id INTEGER)"
    )


def find_successors(
    con: duckdb.DuckDBPyConnection, concept: str, relationship: str
) -> list[tuple[int, str]]:
    """Fill `local_successor` from a vocabulary; give the local concepts replaced, with the names.

    `concept` and `relationship` are the vocabulary's tables in SQL. A successor that is itself not
    standard hands on to what it maps to; one that maps to nothing does not replace.
    """
    con.execute(f"""
        INSERT INTO local_successor
        WITH named AS (
            SELECT local.concept_id, there.concept_id AS named_id
            FROM local_concept AS local
            JOIN {concept} AS there
                ON there.vocabulary_id = local.replaced_by_vocabulary_id
                AND there.concept_code = local.replaced_by_concept_code
            WHERE local.standard_concept = 'S'
        ),
        mapped AS (
            SELECT concept_id_1, concept_id_2 FROM {relationship}
            WHERE relationship_id = 'Maps to' AND invalid_reason IS NULL
                AND concept_id_1 IN (SELECT named_id FROM named)
        )
        SELECT named.concept_id, min(there.concept_id)
        FROM named
        LEFT JOIN mapped ON mapped.concept_id_1 = named.named_id
        JOIN {concept} AS there ON there.concept_id = coalesce(mapped.concept_id_2, named.named_id)
        WHERE there.standard_concept = 'S' AND there.invalid_reason IS NULL
        GROUP BY named.concept_id
        HAVING count(DISTINCT there.concept_id) = 1
    """)
    return con.execute(
        "SELECT concept_id, concept_name FROM local_concept JOIN local_successor USING (concept_id)"
        " ORDER BY concept_id"
    ).fetchall()


def successors(lake: Path, con: duckdb.DuckDBPyConnection) -> dict[int, int]:
    """Give the concept that takes each replaced local concept's place in the lake's vocabulary."""
    relationship = quoted(lake / "vocabulary" / "concept_relationship.parquet")
    return dict(
        con.execute(
            f"SELECT concept_id_1, concept_id_2 FROM read_parquet({relationship})"
            f" WHERE concept_id_1 >= {FIRST} AND concept_id_2 < {FIRST}"
            " AND relationship_id = 'Maps to'"
        ).fetchall()
    )
