"""DuckDB runs the steps: Parquet in, Parquet out, memory bounded by a setting."""

import contextlib
import os
import re
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import duckdb

from etl.engine.plan import LAYERS, SQL, Step
from etl.engine.side_by_side import side_by_side
from etl.errors import MemoryLimitError, PlanError, TransformError
from etl.settings import Settings
from etl.warehouse import spec

# What functions.sql itself says when it stops; any other message of DuckDB may quote a value.
GUARD = re.compile(r"row \d+ of source \d+ has more than 999 events")
UNKNOWN = (duckdb.BinderException, duckdb.CatalogException, duckdb.ParserException)
Progress = Callable[[str, int, float], None]


@dataclass(frozen=True)
class Result:
    """What one step did: rows written and seconds taken."""

    table: str
    rows: int
    seconds: float


def connect(settings: Settings) -> duckdb.DuckDBPyConnection:
    """An in-memory connection with the shared macros and the run's limits."""
    scratch = settings.lake / "tmp"
    scratch.mkdir(parents=True, exist_ok=True, mode=0o700)
    con = duckdb.connect(
        config={
            "memory_limit": settings.memory_limit,
            "threads": settings.threads,
            "temp_directory": str(scratch),
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
        }
    )
    con.execute((SQL / "functions.sql").read_text(encoding="utf-8"))
    return con


def in_spec_order(con: duckdb.DuckDBPyConnection, step: Step) -> str:
    """A cdm step's SELECT with every column of the spec, in order and type.

    A query names only what it fills; the rest is NULL. Raises PlanError by name on a column that
    the spec does not have and on a required one that is not filled.
    """
    filled = {row[0] for row in con.execute(f"DESCRIBE {step.sql}").fetchall()}
    columns = spec.columns(step.name)
    unknown = filled - {column.name for column in columns}
    if unknown:
        raise PlanError(f"{step.table}: fills {sorted(unknown)[0]}, which CDM 5.4 does not have")
    missing = [c.name for c in columns if c.required and c.name not in filled]
    if missing:
        raise PlanError(f"{step.table}: does not fill {missing[0]}, which CDM 5.4 requires")
    quoted = {c.name: f'"{c.name}"' for c in columns}  # note_nlp.offset is a word of SQL
    selected = ",\n".join(
        f"CAST({quoted[c.name] if c.name in filled else 'NULL'} AS {c.duckdb_type})"
        f" AS {quoted[c.name]}"
        for c in columns
    )
    return f"SELECT {selected}\nFROM (\n{step.sql}\n)"


def select_of(con: duckdb.DuckDBPyConnection, step: Step) -> str:
    """The SELECT to run for a step; PlanError where it names what does not exist."""
    try:
        return in_spec_order(con, step) if step.layer == "cdm" else step.sql
    except UNKNOWN as error:
        raise unknown(step, error) from None


def check_steps(steps: Iterable[Step], given: Mapping[str, Mapping[str, str]]) -> None:
    """Run ordered steps on empty tables; PlanError, by name, where one names what does not exist.

    `given` holds the columns and types of the tables that no step fills.
    """
    from etl.notes.function import add_note_facts

    with duckdb.connect() as con:
        con.execute((SQL / "functions.sql").read_text(encoding="utf-8"))
        add_note_facts(con)
        for table, columns in given.items():
            listed = ", ".join(f'"{name}" {kind}' for name, kind in columns.items())
            con.execute(f"CREATE SCHEMA IF NOT EXISTS {table.split('.')[0]}")
            con.execute(f"CREATE TABLE {table} ({listed})")
        for step in steps:
            try:
                con.execute(f"CREATE SCHEMA IF NOT EXISTS {step.layer}")
                con.execute(f"CREATE TABLE {step.table} AS {select_of(con, step)}")
            except UNKNOWN as error:
                raise unknown(step, error) from None


def unknown(step: Step, error: Exception) -> PlanError:
    """A step names a column or function that is not there: DuckDB's first line says which."""
    return PlanError(f"{step.table}: {str(error).splitlines()[0]}")


def parquet(lake: Path, table: str) -> Path:
    """Where a table's Parquet file lies: `lake/cdm/person.parquet`."""
    layer, name = table.split(".")
    return lake / layer / f"{name}.parquet"


def unstored(lake: Path, table: str) -> Path:
    """Where the SELECT of a table lies whose rows are not stored."""
    return parquet(lake, table).with_suffix(".sql")


def is_built(lake: Path, table: str) -> bool:
    """Whether a step's table is there, as rows or as a SELECT."""
    return parquet(lake, table).exists() or unstored(lake, table).exists()


def open_table(con: duckdb.DuckDBPyConnection, lake: Path, table: str) -> None:
    """Make a table of the lake readable under its own name; what its SELECT reads must be open."""
    layer, _ = table.split(".")
    con.execute(f"CREATE SCHEMA IF NOT EXISTS {layer}")
    select = unstored(lake, table)
    if select.exists():
        con.execute(f"CREATE OR REPLACE VIEW {table} AS {select.read_text(encoding='utf-8')}")
        return
    path = str(parquet(lake, table)).replace("'", "''")
    con.execute(f"CREATE OR REPLACE VIEW {table} AS SELECT * FROM read_parquet('{path}')")


def open_tables(con: duckdb.DuckDBPyConnection, lake: Path) -> None:
    """Open every table of the lake: those that are SELECTs last, for they read the others.

    Where `raw` is not open, they stay closed.
    """
    for path in sorted(lake.glob("*/*.parquet")):
        if not path.name.startswith("."):
            open_table(con, lake, f"{path.parent.name}.{path.stem}")
    selects = (lake / layer for layer in LAYERS)
    for path in [path for layer in selects for path in sorted(layer.glob("*.sql"))]:
        with contextlib.suppress(duckdb.CatalogException):
            open_table(con, lake, f"{path.parent.name}.{path.stem}")


def remove_strangers(lake: Path, steps: Iterable[Step]) -> None:
    """Remove the files of steps that are no more: nobody would ever renew them."""
    endings = {step.table: ".parquet" if step.is_stored else ".sql" for step in steps}
    for layer in {table.split(".")[0] for table in endings}:
        for path in [*(lake / layer).glob("*.parquet"), *(lake / layer).glob("*.sql")]:
            if endings.get(f"{layer}.{path.stem}") != path.suffix:
                path.unlink()


def run_step(con: duckdb.DuckDBPyConnection, step: Step, lake: Path) -> int:
    """Run one step and put its Parquet file in place, whole or not at all; give its rows.

    Of a step that is not stored the SELECT is put in place; its rows count as 0.
    What it reads must be open in the connection. Raises TransformError naming the table, without
    DuckDB's message, which may quote a value.
    """
    target = parquet(lake, step.table)
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    unfinished = target.with_name(f".{target.name}.{os.getpid()}")
    sql = select_of(con, step)
    quoted = str(unfinished).replace("'", "''")
    try:
        if not step.is_stored:
            unfinished.write_text(sql, encoding="utf-8")
            unfinished.chmod(0o600)
            os.replace(unfinished, unstored(lake, step.table))
            target.unlink(missing_ok=True)
            return 0
        (rows,) = con.execute(
            f"COPY ({sql}) TO '{quoted}' (FORMAT parquet, COMPRESSION lz4)"
        ).fetchone() or (0,)
        unfinished.chmod(0o600)
        os.replace(unfinished, target)
        unstored(lake, step.table).unlink(missing_ok=True)
    except UNKNOWN as error:
        raise unknown(step, error) from None
    except duckdb.ConversionException:
        raise TransformError(f"{step.table}: a value does not fit its column's type") from None
    except duckdb.OutOfMemoryException:
        raise MemoryLimitError(
            f"{step.table}: the memory limit is too low: raise NPC_OMOP_MEMORY_LIMIT, and run again"
        ) from None
    except (duckdb.Error, OSError) as error:
        raise TransformError(f"{step.table}: {type(error).__name__}: {reason(error)}") from None
    finally:
        unfinished.unlink(missing_ok=True)
    return int(rows)


def reason(error: Exception) -> str:
    """Why DuckDB or the file system refused, without a value from the data."""
    if guard := GUARD.search(str(error)):
        return guard[0]
    if isinstance(error, (duckdb.IOException, OSError)):
        return "reading or writing the data home failed: check its disk space and rights"
    return "DuckDB's message may quote a value and is not shown: try the step's SQL on the lake"


def run_steps(
    con: duckdb.DuckDBPyConnection, steps: Iterable[Step], lake: Path, progress: Progress
) -> list[Result]:
    """Run ordered steps side by side, telling `progress` of each when it is done.

    A step's seconds are those since the last one was done, so that they add up.
    """
    steps = list(steps)
    to_come = {step.table for step in steps}
    results: list[Result] = []
    last = time.monotonic()
    for step, rows in side_by_side(
        con,
        steps,
        lambda cursor, step: run_step(cursor, step, lake),
        lambda step: to_come.isdisjoint(step.reads),
    ):
        try:
            open_table(con, lake, step.table)
        except UNKNOWN as error:  # a SELECT that is not stored is looked at now
            raise unknown(step, error) from None
        to_come.remove(step.table)
        now = time.monotonic()
        results.append(Result(step.table, rows, now - last))
        last = now
        progress(step.table, rows, results[-1].seconds)
    return results
