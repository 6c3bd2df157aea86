"""Create, fill, key and check the tables of one schema, from a folder of Parquet files."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from etl.warehouse.copy import create_and_fill, parquet_batches
from etl.warehouse.keys import add_foreign_keys, add_keys_and_indexes
from etl.warehouse.schemas import mark, put_aside
from etl.warehouse.session import name, share_out

if TYPE_CHECKING:
    import psycopg
    import sqlalchemy as sa

    from etl.warehouse.session import Task

Progress = Callable[[str, int], None]


@dataclass
class LoadReport:
    """What a load wrote: rows by table, seconds by phase, and the vocabulary's schema."""

    load_id: str
    vocabulary_schema: str
    rows: dict[str, int] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def timed(self, phase: str) -> Iterator[None]:
        """Add the seconds of a piece of work to its phase."""
        began = time.perf_counter()
        yield
        self.seconds[phase] = self.seconds.get(phase, 0.0) + time.perf_counter() - began


def fill(
    con_url: str,
    metadata: "sa.MetaData",
    schema: str,
    folder: Path | None,
    report: LoadReport,
    progress: Progress,
) -> None:
    """Create, fill, key and check all tables of one schema; without a folder they stay empty."""
    sizes = {
        table: (path.stat().st_size if folder and (path := _file(folder, table)).exists() else 0)
        for table in metadata.tables.values()
        if table.schema == schema
    }
    tables = sorted(sizes, key=lambda table: (-sizes[table], table.name))
    with report.timed("copy"):
        share_out(con_url, [_copied(t, folder, report, progress) for t in tables])
    with report.timed("keys and indexes"):
        add_keys_and_indexes(con_url, tables)
    with report.timed("foreign keys"):
        add_foreign_keys(con_url, tables)


def _file(folder: Path, table: "sa.Table") -> Path:
    return folder / f"{table.name}.parquet"


def _copied(
    table: "sa.Table", folder: Path | None, report: LoadReport, progress: Progress
) -> "Task":
    def copy(con: "psycopg.Connection[tuple[Any, ...]]") -> None:
        types = {
            column.name: str(column.type) + ("" if column.nullable else " NOT NULL")
            for column in table.columns
        }
        batches = parquet_batches(_file(folder, table), list(types)) if folder else iter(())
        rows = create_and_fill(con, str(table.schema), table.name, types, batches)
        report.rows[table.name] = rows
        if rows:
            progress(table.name, rows)

    return copy


def fresh(con: "psycopg.Connection[tuple[Any, ...]]", schema: str, load_id: str) -> None:
    """Create a schema to load into; what a crash left under its name is put aside."""
    with con.transaction():
        put_aside(con, schema)
        con.execute(f"CREATE SCHEMA {name(schema)}")
        mark(con, schema, load_id, complete=False)
