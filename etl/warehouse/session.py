"""Connections for loading, and work shared out among two of them."""

import contextlib
import threading
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Any

from etl.errors import WarehouseError

if TYPE_CHECKING:
    import psycopg

Task = Callable[["psycopg.Connection[tuple[Any, ...]]"], None]

WORKERS = 2
"""Connections at a time: one keeps a core of the server busy, so more do not help two cores."""

SETTINGS = """
SET statement_timeout = 0;
SET lock_timeout = 0;
SET idle_in_transaction_session_timeout = 0;
SET idle_session_timeout = 0;
SET client_encoding = 'UTF8';
SET timezone = 'UTC';
SET search_path = '';
SET client_min_messages = 'error';
SET maintenance_work_mem = '256MB';
-- two connections build indexes at a time; workers of their own made it no faster
SET max_parallel_maintenance_workers = 0;
"""


def name(*parts: str) -> str:
    """Quote an identifier: name("cdm", "note") is `"cdm"."note"`."""
    return ".".join('"' + part.replace('"', '""') + '"' for part in parts)


@contextlib.contextmanager
def connect(url: str) -> Iterator["psycopg.Connection[tuple[Any, ...]]"]:
    """Open an autocommit connection with this project's settings.

    Any PostgreSQL error that nobody explained becomes a WarehouseError of one line; what the
    server says beside (detail, context, the statement) may quote a patient's value and is dropped.
    """
    import psycopg

    try:
        with psycopg.connect(url, autocommit=True, connect_timeout=30) as con:
            con.execute(SETTINGS)
            yield con
    except psycopg.Error as error:
        raise explained(error) from None


def explained(error: "psycopg.Error") -> WarehouseError:
    """Give a server's error as one line without values: its kind, and where, if it says so."""
    import psycopg

    diagnosis = error.diag
    parts = (diagnosis.schema_name, diagnosis.table_name, diagnosis.column_name)
    where = ".".join(part for part in parts if part)
    kind = type(error).__name__
    if isinstance(error, psycopg.OperationalError) and not diagnosis.sqlstate:
        return WarehouseError("the connection to the warehouse was lost: run again")
    if diagnosis.sqlstate and diagnosis.sqlstate.startswith("53"):
        return WarehouseError(f"the warehouse has no room ({kind}): free disk or memory, run again")
    return WarehouseError(
        f"the warehouse refused: {kind} ({diagnosis.sqlstate})" + (f" at {where}" if where else "")
    )


def share_out(url: str, tasks: Iterable[Task], workers: int = WORKERS) -> None:
    """Run tasks on a few connections; the first error stops the rest and is raised."""
    waiting = iter(list(tasks))
    turn = threading.Lock()
    errors: list[BaseException] = []
    open_connections: list[psycopg.Connection[tuple[Any, ...]]] = []

    def work() -> None:
        try:
            with connect(url) as con:
                open_connections.append(con)
                while not errors:
                    with turn:
                        task = next(waiting, None)
                    if task is None:
                        return
                    task(con)
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=work, daemon=True) for _ in range(workers)]
    for thread in threads:
        thread.start()
    try:
        for thread in threads:
            thread.join()
    except BaseException as interruption:
        errors.append(interruption)
        for con in open_connections:
            con.cancel_safe(timeout=5)
        for thread in threads:
            thread.join()
        raise
    if errors:
        raise errors[0]
