"""The starter vocabulary: the few concepts that the maps need, from CSV to the lake.

Shape: one Parquet file per vocabulary table of CDM 5.4, columns and types as in the spec. The
concepts are those of `concept.csv` (public ids, see mappings/README.md) and of
`local_concept.csv` (2 000 000 000 and above, until a full vocabulary is loaded).
"""

from pathlib import Path

import duckdb

from etl.errors import ContractError
from etl.vocabulary.local import ROWS, open_local
from etl.vocabulary.tables import csv_rows, header, shown, write_parquet
from etl.warehouse import spec

TABLES = spec.VOCABULARY_TABLES


def write_starter(lake: Path, mappings: Path, con: duckdb.DuckDBPyConnection) -> dict[str, int]:
    """Write `lake/vocabulary/<table>.parquet` for the nine tables; give the rows of each.

    The same CSV files give the same bytes. Raises ContractError naming file and column.
    """
    return {table: _write_table(lake, mappings / "vocabulary", con, table) for table in TABLES}


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
        open_local(con, folder.parent)
    if table in ROWS:
        local = ", ".join(f"CAST({c.name} AS VARCHAR) AS {c.name}" for c in columns)
        both = "UNION ALL" if table == "concept" else "UNION"
        rows += f" {both} BY NAME SELECT {local} FROM ({ROWS[table]})"
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
