"""CSV of the mappings in, Parquet out: how the tables of the vocabulary are read and written."""

import csv
import os
from pathlib import Path

import duckdb

from etl.errors import ContractError


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


def csv_rows(path: Path, padded: bool = False) -> str:
    """Spell a CSV file as a table of text in DuckDB's SQL; an empty field is NULL.

    Nothing is guessed from the content, so that the same rows in another order read the same.
    `padded`: last columns that a line leaves out are NULL.
    """
    names = ", ".join(f"'{name}': 'VARCHAR'" for name in header(path))
    return (
        f"read_csv({quoted(path)}, columns = {{{names}}}, header = true, auto_detect = false, "
        f"delim = ',', quote = '\"', escape = '\"', nullstr = '', null_padding = {padded})"
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
