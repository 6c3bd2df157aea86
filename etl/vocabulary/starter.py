"""The starter vocabulary: the few concepts that the maps need, from CSV to the lake.

Shape: one Parquet file per vocabulary table of CDM 5.4, columns and types as in the spec. The
concepts are those of `concept.csv` (public ids, see mappings/README.md) and of
`local_concept.csv` (2 000 000 000 and above, until a full vocabulary is loaded).
"""

import csv
import os
from pathlib import Path

import duckdb

from etl.errors import ContractError
from etl.warehouse import spec

TABLES = (
    "concept",
    "vocabulary",
    "domain",
    "concept_class",
    "relationship",
    "concept_relationship",
    "concept_ancestor",
    "concept_synonym",
    "drug_strength",
)

# A local concept states only what is its own; the rest is the same for all of them.
LOCAL_CONCEPTS = """
    SELECT
        concept_id, concept_name, domain_id, vocabulary_id, concept_class_id, standard_concept,
        concept_code,
        '1970-01-01' AS valid_start_date,
        '2099-12-31' AS valid_end_date,
        NULL         AS invalid_reason
    FROM {csv}
"""


def write_starter(lake: Path, mappings: Path, con: duckdb.DuckDBPyConnection) -> dict[str, int]:
    """Write `lake/vocabulary/<table>.parquet` for the nine tables; give the rows of each.

    The same CSV files give the same bytes. Raises ContractError naming file and column.
    """
    return {table: _write_table(lake, mappings / "vocabulary", con, table) for table in TABLES}


def write_parquet(con: duckdb.DuckDBPyConnection, select: str, target: Path) -> int:
    """Write the rows of an ordered SELECT to a Parquet file, whole or not at all."""
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    unfinished = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        row = con.execute(
            f"COPY ({select}) TO {quoted(unfinished)} (FORMAT parquet, COMPRESSION lz4)"
        ).fetchone()
        unfinished.chmod(0o600)
        os.replace(unfinished, target)
    finally:
        unfinished.unlink(missing_ok=True)
    return int(row[0]) if row else 0


def quoted(path: Path) -> str:
    """Spell a path as a SQL string."""
    return "'" + str(path).replace("'", "''") + "'"


def csv_rows(path: Path) -> str:
    """Spell a CSV file as a table of text in DuckDB's SQL; an empty field is NULL.

    Nothing is guessed from the content, so that the same rows in another order read the same.
    """
    names = ", ".join(f"'{name}': 'VARCHAR'" for name in header(path))
    return (
        f"read_csv({quoted(path)}, columns = {{{names}}}, header = true, auto_detect = false, "
        "delim = ',', quote = '\"', escape = '\"', nullstr = '')"
    )


def header(path: Path) -> list[str]:
    """Give a CSV file's column names. Raises ContractError where there is no such file."""
    try:
        with path.open(encoding="utf-8", newline="") as lines:
            return next(csv.reader(lines), [])
    except FileNotFoundError:
        raise ContractError(f"{shown(path)}: is missing: restore it from the project") from None


def shown(path: Path) -> str:
    """Name a file of the mappings as a reader knows it: `mappings/concepts/npc_sex.csv`."""
    return f"mappings/{path.parent.name}/{path.name}"


def _write_table(lake: Path, folder: Path, con: duckdb.DuckDBPyConnection, table: str) -> int:
    columns = spec.columns(table)
    path = folder / f"{table}.csv"
    if (found := header(path)) != [column.name for column in columns]:
        raise ContractError(
            f"{shown(path)}: has the columns {','.join(found)}: "
            f"use {','.join(column.name for column in columns)}"
        )
    rows = f"SELECT * FROM {csv_rows(path)}"
    if table == "concept":
        local = csv_rows(folder / "local_concept.csv")
        rows += " UNION ALL BY NAME " + LOCAL_CONCEPTS.format(csv=local)
    for column in (column for column in columns if column.required):
        missing = con.execute(f"SELECT count(*) FROM ({rows}) WHERE {column.name} IS NULL")
        if (count := missing.fetchone()) and count[0]:
            raise ContractError(
                f"{shown(path)} column {column.name}: empty in {count[0]} lines: fill it"
            )
    typed = ", ".join(f"CAST({c.name} AS {c.duckdb_type}) AS {c.name}" for c in columns)
    try:
        return write_parquet(
            con,
            f"SELECT {typed} FROM ({rows}) ORDER BY ALL",
            lake / "vocabulary" / f"{table}.parquet",
        )
    except (duckdb.ConversionException, duckdb.InvalidInputException) as error:
        first = str(error).splitlines()[0]
        raise ContractError(
            f"{shown(path)}: {first}: use one field a column, whole numbers and ISO dates"
        ) from None
