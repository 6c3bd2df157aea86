"""Coverage through time: `quality.coverage` in the warehouse, one set of rows for each load.

The schema outlives every load, so that a mapper sees what last month's work has brought.
"""

from collections.abc import Iterable
from dataclasses import astuple, fields
from typing import TYPE_CHECKING, Any

from etl.quality.coverage import Coverage
from etl.warehouse.schemas import load_of, mark
from etl.warehouse.session import connect

if TYPE_CHECKING:
    import psycopg

SCHEMA = "quality"
NUMBERS = [f.name for f in fields(Coverage)][2:]


def record_coverage(con_url: str, load_id: str, rows: Iterable[Coverage]) -> None:
    """Add a load's coverage to `quality.coverage`; the same load again replaces its rows.

    One row per load, source vocabulary and domain. The table is made on first use; WarehouseError
    where a schema `quality` is somebody else's.
    """
    columns = ["load_id", *(f.name for f in fields(Coverage))]
    with connect(con_url) as con, con.transaction():
        _ensure(con, load_id)
        con.execute('DELETE FROM "quality"."coverage" WHERE load_id = %s', [load_id])
        with con.cursor() as cursor:
            cursor.executemany(
                f'INSERT INTO "quality"."coverage" ({", ".join(columns)})'
                f" VALUES ({', '.join(['%s'] * len(columns))})",
                [(load_id, *astuple(row)) for row in rows],
            )


def coverage_history(con_url: str) -> list[tuple[Any, ...]]:
    """Give load, time, rows and mapped rows of every recorded load, the latest first."""
    with connect(con_url) as con:
        if load_of(con, SCHEMA) is None:
            return []
        return con.execute(
            "SELECT load_id, min(recorded_at), sum(rows)::bigint,"
            " sum(approved + draft + local + vocabulary)::bigint"
            ' FROM "quality"."coverage" GROUP BY load_id ORDER BY 2 DESC'
        ).fetchall()


def _ensure(con: "psycopg.Connection[tuple[Any, ...]]", load_id: str) -> None:
    if load_of(con, SCHEMA) is None:
        con.execute("CREATE SCHEMA quality")
    mark(con, SCHEMA, load_id, complete=True)
    numbers = ", ".join(f"{number} BIGINT NOT NULL" for number in NUMBERS)
    con.execute(
        'CREATE TABLE IF NOT EXISTS "quality"."coverage" (load_id TEXT NOT NULL,'
        " recorded_at TIMESTAMPTZ NOT NULL DEFAULT now(),"
        f" source_vocabulary TEXT NOT NULL, domain TEXT NOT NULL, {numbers},"
        " PRIMARY KEY (load_id, source_vocabulary, domain))"
    )
