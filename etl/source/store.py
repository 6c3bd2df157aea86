"""Parquet files of the landing zone: how they are named in SQL, and written."""

import re
from collections.abc import Iterable
from pathlib import Path

import duckdb

from etl.settings import Settings


def literal_path(path: Path) -> str:
    """A path as a SQL literal; what DuckDB would take for a pattern is put in brackets."""
    text = re.sub(r"([*?\[])", r"[\1]", str(path.absolute()))
    return "'" + text.replace("'", "''") + "'"


def row_no_sql(*, numbered: bool) -> str:
    """The number of a record in its file, or NULL (see `database.Part.open`)."""
    return "row_number() OVER ()" if numbered else "CAST(NULL AS BIGINT)"


def read_sql(settings: Settings, names: Iterable[str]) -> str:
    """A FROM item over files of the landing zone, named relative to it."""
    paths = ", ".join(literal_path(settings.landing / name) for name in names)
    return f"read_parquet([{paths}])"


def write(con: duckdb.DuckDBPyConnection, settings: Settings, name: str, select: str) -> None:
    """Write one file of the landing zone; it counts once the ledger names it.

    LZ4 was measured to write a quarter faster than zstd or snappy here.
    """
    path = settings.landing / name
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    copy(con, path, select)


def copy(con: duckdb.DuckDBPyConnection, path: Path, select: str) -> int:
    """Write a Parquet file and give its number of rows."""
    quoted = str(path.absolute()).replace("'", "''")
    row = con.execute(
        f"COPY ({select}) TO '{quoted}' (FORMAT parquet, COMPRESSION lz4_raw)"
    ).fetchone()
    return int(row[0]) if row else 0
