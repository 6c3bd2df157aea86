"""The targets of the curated lines, looked up in the vocabulary that is loaded."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import duckdb

from etl.vocabulary.maps.map_file import MapLine
from etl.vocabulary.tables import quoted

FIELDS = "concept_id, concept_name, domain_id, vocabulary_id, standard_concept"


@dataclass(frozen=True)
class Concept:
    """What the loaded vocabulary says about a target; `standard` is S only where it is valid."""

    concept_id: int
    name: str
    domain: str
    vocabulary: str
    standard: str | None


def find_targets(
    lake: Path, lines: Iterable[MapLine], con: duckdb.DuckDBPyConnection
) -> dict[tuple[str, str], Concept]:
    """Look the targets up by vocabulary and code, and by id (then with no vocabulary).

    A local concept that the bundle maps to one of its own stands for that one. Three joins,
    whatever the size of the bundle.
    """
    targets = [(line.concept_id, line.vocabulary, line.target_code) for line in lines]
    con.execute(
        "CREATE OR REPLACE TEMP TABLE map_target"
        " (concept_id INTEGER, vocabulary_id VARCHAR, concept_code VARCHAR)"
    )
    if targets:
        con.execute(
            "INSERT INTO map_target SELECT DISTINCT unnest(?), unnest(?), unnest(?)",
            [list(column) for column in zip(*targets, strict=True)],
        )
    concept = f"read_parquet({quoted(lake / 'vocabulary' / 'concept.parquet')})"
    relationship = f"read_parquet({quoted(lake / 'vocabulary' / 'concept_relationship.parquet')})"
    con.execute(f"""
        CREATE OR REPLACE TEMP TABLE found_target AS
        SELECT
            concept_id, concept_name, domain_id, vocabulary_id,
            CASE WHEN invalid_reason IS NULL THEN standard_concept END AS standard_concept,
            concept_code
        FROM {concept}
        WHERE
            concept_id IN (SELECT concept_id FROM map_target)
            OR (vocabulary_id, concept_code) IN (
                SELECT (vocabulary_id, concept_code) FROM map_target
            )
    """)
    rows = con.execute(f"SELECT {FIELDS}, concept_code FROM found_target").fetchall()
    by_key: dict[tuple[str, str], Concept] = {}
    for *fields, code in rows:
        found = Concept(*fields)
        by_key[found.vocabulary, code] = found
        by_key["", str(found.concept_id)] = found
    replaced = con.execute(f"""
        SELECT
            mine.vocabulary_id, mine.concept_code, mine.concept_id,
            own.concept_id, own.concept_name, own.domain_id, own.vocabulary_id, 'S'
        FROM found_target AS mine
        INNER JOIN {relationship} AS maps
            ON maps.concept_id_1 = mine.concept_id
            AND maps.concept_id_2 <> mine.concept_id
            AND maps.relationship_id = 'Maps to'
            AND maps.invalid_reason IS NULL
        INNER JOIN {concept} AS own
            ON own.concept_id = maps.concept_id_2
            AND own.standard_concept = 'S'
            AND own.invalid_reason IS NULL
        WHERE mine.concept_id >= {MapLine.FIRST_LOCAL}
        ORDER BY mine.concept_id, own.concept_id DESC
    """).fetchall()
    for vocabulary, code, concept_id, *fields in replaced:
        by_key[vocabulary, code] = by_key["", str(concept_id)] = Concept(*fields)
    con.execute("DROP TABLE map_target; DROP TABLE found_target")
    return by_key
