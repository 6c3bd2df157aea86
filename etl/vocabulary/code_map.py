"""The curated maps: hospital codes to standard concepts, from CSV to the lake.

Every line of `mappings/concepts/*.csv` is checked against the vocabulary in the lake before
anything is written, so that a wrong or outdated target is an error with a file and a line.
"""

from dataclasses import dataclass
from pathlib import Path

import duckdb

from etl.vocabulary.map_file import MapLine, read_maps
from etl.vocabulary.starter import quoted, write_parquet

MOST_TARGETS = 10  # target_no is one digit
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
    "status": "VARCHAR",
}


@dataclass(frozen=True)
class Concept:
    """What the loaded vocabulary says about a target."""

    concept_id: int
    name: str
    domain: str
    vocabulary: str
    standard: str | None


def write_code_map(lake: Path, mappings: Path, con: duckdb.DuckDBPyConnection) -> int:
    """Write `lake/vocabulary/code_map.parquet`; give its number of rows.

    One row per source vocabulary, normalised code and target_no (0, 1, ... in line order). `con`
    must know the macro normal_code, and the vocabulary must be in the lake. The same maps give
    the same bytes. Raises ContractError naming file, line and column.
    """
    lines = list(read_maps(mappings / "concepts", con))
    concepts = _concepts(lake, lines, con)
    domain = quoted(lake / "vocabulary" / "domain.parquet")
    domains = {
        d for (d,) in con.execute(f"SELECT domain_id FROM read_parquet({domain})").fetchall()
    }
    seen: dict[tuple[str, str], list[MapLine]] = {}
    rows: list[tuple[object, ...]] = []
    for line in lines:
        targets = seen.setdefault((line.source_vocabulary_id, line.code), [])
        _check_fan_out(line, targets)
        found = _resolved(line, concepts, domains)
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
            )
        )
        targets.append(line)
    _fill(con, "map_row", COLUMNS, rows)
    written = write_parquet(
        con,
        "SELECT * FROM map_row ORDER BY source_vocabulary_id, source_code, target_no",
        lake / "vocabulary" / "code_map.parquet",
    )
    con.execute("DROP TABLE map_row")
    return written


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


def _resolved(
    line: MapLine, concepts: dict[tuple[str, str], Concept], domains: set[str]
) -> Concept:
    """Find a line's concept in the loaded vocabulary, or stop with the column that is wrong."""
    if line.status == "no_match":
        if line.domain not in domains:
            raise line.wrong("note", "begin with the domain that keeps the event, and a colon")
        return Concept(0, "No matching concept", line.domain, "None", None)
    key = (line.vocabulary, line.target_code) if line.target_code else ("", str(line.concept_id))
    concept = concepts.get(key)
    if concept is None:
        column = "target_concept_code" if line.target_code else "target_concept_id"
        raise line.wrong(column, f"{key[1]} is not in the loaded vocabulary: correct it")
    if concept.concept_id != line.concept_id:
        raise line.wrong(
            "target_concept_id", f"{line.concept_id} is {concept.concept_id} in the vocabulary"
        )
    if concept.name != line.concept_name:
        raise line.wrong("target_concept_name", f"the vocabulary says {concept.name!r}")
    if concept.standard != "S":
        raise line.wrong("target_concept_id", f"{line.concept_id} is not standard: map elsewhere")
    return concept


def _concepts(
    lake: Path, lines: list[MapLine], con: duckdb.DuckDBPyConnection
) -> dict[tuple[str, str], Concept]:
    """Look the targets up, by vocabulary and code, and by id (then with no vocabulary)."""
    targets: list[tuple[object, ...]] = [(line.concept_id, line.target_code) for line in lines]
    _fill(con, "map_target", {"concept_id": "INTEGER", "code": "VARCHAR"}, targets)
    found = con.execute(
        "SELECT concept_id, concept_name, domain_id, vocabulary_id, standard_concept, concept_code"
        f" FROM read_parquet({quoted(lake / 'vocabulary' / 'concept.parquet')})"
        " WHERE concept_id IN (SELECT concept_id FROM map_target)"
        " OR concept_code IN (SELECT code FROM map_target WHERE code <> '')"
    ).fetchall()
    con.execute("DROP TABLE map_target")
    by_key = {}
    for *fields, code in found:
        concept = Concept(*fields)
        by_key[concept.vocabulary, code] = concept
        by_key["", str(concept.concept_id)] = concept
    return by_key


def _fill(
    con: duckdb.DuckDBPyConnection,
    table: str,
    columns: dict[str, str],
    rows: list[tuple[object, ...]],
) -> None:
    typed = ", ".join(f"{name} {kind}" for name, kind in columns.items())
    con.execute(f"CREATE OR REPLACE TEMP TABLE {table} ({typed})")
    if rows:
        # Column by column: a statement a row takes a second longer.
        lists = ", ".join("unnest(?)" for _ in columns)
        con.execute(
            f"INSERT INTO {table} SELECT {lists}", [list(c) for c in zip(*rows, strict=True)]
        )
