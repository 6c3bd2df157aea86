"""The one map from hospital codes to standard concepts, in the lake.

A curated line (`mappings/concepts/*.csv`) wins over the vocabulary's own "Maps to", which wins over
a line that only stands in until a full vocabulary is loaded. Every line is checked against the
vocabulary in the lake before anything is written, so that a wrong or outdated target is an error
with a file and a line.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from etl.vocabulary.maps.map_file import MapLine, read_maps
from etl.vocabulary.maps.target import Concept, find_targets
from etl.vocabulary.maps.vocabulary_map import MOST_TARGETS, fill_vocabulary_rows
from etl.vocabulary.replacement import find_replacements
from etl.vocabulary.tables import quoted, write_parquet

COLUMNS = {
    "source_vocabulary_id": "VARCHAR",
    "source_code": "VARCHAR",
    "source_name": "VARCHAR",
    "target_no": "INTEGER",
    "concept_id": "INTEGER",
    "concept_name": "VARCHAR",
    "domain_id": "VARCHAR",
    "vocabulary_id": "VARCHAR",
    "standard_concept": "VARCHAR",
    "value_as_concept_id": "INTEGER",
    "status": "VARCHAR",  # approved, draft, no_match; vocabulary where nobody curated the code
    "precedence": "INTEGER",
    "source_concept_id": "INTEGER",  # of the code itself; 0 where the vocabulary has none
}
_SEE = " (`npc-omop vocabulary check` lists all such lines)"
# What decides between a curated line, the vocabulary and a stand-in: the higher wins.
CURATED, VOCABULARY, STAND_IN = 2, 1, 0


@dataclass(frozen=True)
class Known:
    """What the lake's vocabulary is: the starter is checked to the letter, a bundle is not."""

    is_starter: bool
    domains: frozenset[str]


def write_code_map(lake: Path, mappings: Path, con: duckdb.DuckDBPyConnection) -> int:
    """Write `lake/vocabulary/code_map.parquet`; give its number of rows.

    One row per source vocabulary, normalised code and target_no (0, 1, ... in line order). `con`
    must know the macro normal_code, and the vocabulary must be in the lake. The same maps give
    the same bytes. Raises ContractError naming file, line and column.
    """
    lines = list(read_maps(mappings / "concepts", con))
    concepts = find_targets(lake, lines, con)
    known = _known(lake, con)
    seen: dict[tuple[str, str], list[MapLine]] = {}
    rows: list[tuple[Any, ...]] = []
    for line in lines:
        targets = seen.setdefault((line.source_vocabulary_id, line.code), [])
        _check_fan_out(line, targets)
        try:
            found = _resolved(line, concepts, known)
        except _NotStandardError:
            raise line.wrong(
                "target_concept_id",
                f"{line.concept_id} is not standard: map {_instead(line, lake, con)}{_SEE}",
            ) from None
        rows.append(
            (
                line.source_vocabulary_id,
                line.code,
                line.name,
                len(targets),
                found.concept_id,
                found.name,
                found.domain,
                found.vocabulary,
                found.standard,
                None,  # a value concept has a map of its own (npc_value)
                line.status,
                STAND_IN,
            )
        )
        targets.append(line)
    # A code stands in when all its lines do: one real decision keeps its other targets.
    rows = [
        (*row[:-1], STAND_IN if all(line.stands_in for line in seen[row[0], row[1]]) else CURATED)
        for row in rows
    ]
    decided = {name: kind for name, kind in COLUMNS.items() if name != "source_concept_id"}
    fill(con, "map_row", decided, rows)
    fill_vocabulary_rows(lake, mappings, con)
    written = write_parquet(
        con,
        f"""
        SELECT code.*, coalesce(source_concept.concept_id, 0) AS source_concept_id
        FROM (
            SELECT * FROM map_row
            UNION ALL BY NAME
            SELECT *, {VOCABULARY} AS precedence FROM vocabulary_row
        ) AS code
        LEFT JOIN source_concept USING (source_vocabulary_id, source_code)
        QUALIFY precedence = max(precedence) OVER (PARTITION BY source_vocabulary_id, source_code)
        ORDER BY source_vocabulary_id, source_code, target_no
        """,
        lake / "vocabulary" / "code_map.parquet",
    )
    con.execute("DROP TABLE map_row; DROP TABLE vocabulary_row; DROP TABLE source_concept")
    return written


def is_starter(lake: Path, con: duckdb.DuckDBPyConnection) -> bool:
    """Whether the lake holds the starter vocabulary: its version says so."""
    row = con.execute(
        "SELECT vocabulary_version FROM read_parquet("
        f"{quoted(lake / 'vocabulary' / 'vocabulary.parquet')}) WHERE vocabulary_id = 'None'"
    ).fetchone()
    return bool(row and str(row[0]).startswith("starter"))


def _instead(line: MapLine, lake: Path, con: duckdb.DuckDBPyConnection) -> str:
    """Where to map a line whose target is retired, as the vocabulary says it."""
    concept, relationship = (
        f"read_parquet({quoted(lake / 'vocabulary' / f'{table}.parquet')})"
        for table in ("concept", "concept_relationship")
    )
    found = find_replacements(con, concept, relationship, {line.concept_id}).get(line.concept_id)
    return "to " + " and ".join(f"{i} ({name})" for i, name in found) if found else "elsewhere"


class _NotStandardError(Exception):
    """A target that the loaded vocabulary has retired."""


def _known(lake: Path, con: duckdb.DuckDBPyConnection) -> Known:
    domain = quoted(lake / "vocabulary" / "domain.parquet")
    found = con.execute(f"SELECT domain_id FROM read_parquet({domain})").fetchall()
    return Known(is_starter(lake, con), frozenset(d for (d,) in found))


def _check_fan_out(line: MapLine, earlier: list[MapLine]) -> None:
    """Guard against fan-out: a target once, no_match alone."""
    for other in earlier:
        if other.concept_id == line.concept_id:
            raise line.wrong(
                "source_code", f"{line.code} has this target in line {other.line}: remove one"
            )
        if "no_match" in (line.status, other.status):
            raise line.wrong(
                "status", f"{line.code} is no_match and mapped, see line {other.line}: keep one"
            )
    if len(earlier) >= MOST_TARGETS:
        raise line.wrong("source_code", f"{line.code} has more than {MOST_TARGETS} targets")


def _resolved(line: MapLine, concepts: dict[tuple[str, str], Concept], known: Known) -> Concept:
    """Find a line's concept in the loaded vocabulary, or stop with the column that is wrong."""
    if line.status == "no_match":
        if line.domain not in known.domains:
            raise line.wrong("note", "begin with the domain that keeps the event, and a colon")
        return Concept(0, "No matching concept", line.domain, "None", None)
    key = (line.vocabulary, line.target_code) if line.target_code else ("", str(line.concept_id))
    concept = concepts.get(key)
    if concept is None:
        column = "target_concept_code" if line.target_code else "target_concept_id"
        raise line.wrong(column, f"{key[1]} is not in the loaded vocabulary: correct it" + _SEE)
    if line.is_local:
        return concept  # Athena's own, where the bundle replaces the local one
    if concept.concept_id != line.concept_id:
        raise line.wrong(
            "target_concept_id",
            f"{line.concept_id} is {concept.concept_id} in the vocabulary" + _SEE,
        )
    # A concept renamed by an upgrade stops nothing: `npc-omop vocabulary check` reports it.
    if known.is_starter and concept.name != line.concept_name:
        raise line.wrong("target_concept_name", f"the vocabulary says {concept.name!r}")
    if concept.standard != "S":
        raise _NotStandardError
    return concept


def fill(
    con: duckdb.DuckDBPyConnection,
    table: str,
    columns: dict[str, str],
    rows: list[tuple[Any, ...]],
) -> None:
    """Create a temporary table of these rows."""
    typed = ", ".join(f"{name} {kind}" for name, kind in columns.items())
    con.execute(f"CREATE OR REPLACE TEMP TABLE {table} ({typed})")
    if rows:
        # Column by column: a statement a row takes a second longer.
        lists = ", ".join("unnest(?)" for _ in columns)
        con.execute(
            f"INSERT INTO {table} SELECT {lists}", [list(c) for c in zip(*rows, strict=True)]
        )
