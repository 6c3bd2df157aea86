"""The analysis data set handed out: each table of a study as CSV and Parquet, and a dictionary."""

import csv
from pathlib import Path
from typing import TYPE_CHECKING, Any

from etl.errors import NotFoundError, UsageError
from etl.study.definition import Study

if TYPE_CHECKING:
    import psycopg

DICTIONARY = ("table", "column", "type", "meaning", "rows", "filled")

_ARROW = {
    "integer": "int32",
    "bigint": "int64",
    "double precision": "float64",
    "numeric": "float64",
    "boolean": "bool_",
    "date": "date32",
}


def export(con_url: str, study: Study, out: Path) -> dict[str, int]:
    """Write the study's tables, but for working ones, into a new or empty folder; give their rows.

    Files are for their owner only. UsageError where the folder cannot be used, NotFoundError where
    the study was never built.
    """
    import psycopg

    from etl.warehouse.session import connect

    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise UsageError(f"{out}: is not empty: name a new folder")
    written: dict[str, int] = {}
    with connect(con_url) as con:
        con.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        with con.transaction():
            tables = con.execute(
                _TABLES, {"comment": f"{study.name}: %", "work": f"{study.name}\\_work\\_%"}
            ).fetchall()
            if not tables:
                raise NotFoundError(
                    f"study {study.name} was never built here: `npc-omop cohort` builds it"
                )
            out.mkdir(parents=True, exist_ok=True)
            out.chmod(0o700)
            dictionary: list[tuple[Any, ...]] = []
            for table, meaning in tables:
                rows, lines = _write(con, table, str(meaning), out)
                written[table] = rows
                dictionary += lines
    with (out / "data_dictionary.csv").open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file).writerows([DICTIONARY, *dictionary])
    for path in out.iterdir():
        path.chmod(0o600)
    return written


def _write(
    con: "psycopg.Connection[tuple[Any, ...]]", table: str, meaning: str, out: Path
) -> tuple[int, list[tuple[Any, ...]]]:
    """Write one table; give its rows and its lines of the dictionary."""
    import pyarrow
    import pyarrow.csv
    import pyarrow.parquet

    arrow: Any = pyarrow
    columns = con.execute(_COLUMNS, [table]).fetchall()
    listed = ", ".join(f'"{name}"' for name, _, _ in columns)
    order = ", ".join(str(place + 1) for place in range(len(columns)))
    rows = con.execute(f'SELECT {listed} FROM study."{table}" ORDER BY {order}').fetchall()
    data = arrow.table(
        {
            name: arrow.array(
                [_plain(row[place], kind) for row in rows],
                getattr(arrow, _ARROW.get(kind, "string"))(),
            )
            for place, (name, kind, _) in enumerate(columns)
        }
    )
    arrow.parquet.write_table(data, out / f"{table}.parquet")
    with (out / f"{table}.csv").open("wb") as file:
        file.write(b"\xef\xbb\xbf")  # so that Excel reads Chinese
        arrow.csv.write_csv(data, file)
    lines: list[tuple[Any, ...]] = [(table, "", "", meaning.partition(": ")[2], len(rows), "")]
    for place, (name, kind, said) in enumerate(columns):
        filled = sum(row[place] is not None for row in rows)
        lines.append((table, name, kind, said or "", len(rows), filled))
    return len(rows), lines


def _plain(value: Any, kind: str) -> Any:
    if value is None:
        return None
    if kind == "numeric":
        return float(value)
    return value if kind in _ARROW else str(value)


_TABLES = """
SELECT relation.relname, pg_catalog.obj_description(relation.oid, 'pg_class')
FROM pg_catalog.pg_class AS relation
JOIN pg_catalog.pg_namespace AS place ON place.oid = relation.relnamespace
WHERE place.nspname = 'study' AND relation.relkind = 'r'
    AND pg_catalog.obj_description(relation.oid, 'pg_class') LIKE %(comment)s
    AND relation.relname NOT LIKE %(work)s
ORDER BY relation.relname
"""

_COLUMNS = """
SELECT
    attribute.attname,
    pg_catalog.format_type(attribute.atttypid, NULL),
    pg_catalog.col_description(attribute.attrelid, attribute.attnum)
FROM pg_catalog.pg_attribute AS attribute
JOIN pg_catalog.pg_class AS relation ON relation.oid = attribute.attrelid
JOIN pg_catalog.pg_namespace AS place ON place.oid = relation.relnamespace
WHERE place.nspname = 'study' AND relation.relname = %s
    AND attribute.attnum > 0 AND NOT attribute.attisdropped
ORDER BY attribute.attnum
"""
