"""Swap what is published: `cdm_next` becomes `cdm`, `cdm` becomes `cdm_previous`, all at once."""

import contextlib
import time
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from etl.errors import BusyError, NotFoundError, WarehouseError
from etl.warehouse.roles import carry_grants
from etl.warehouse.schemas import drop_old, load_of, put_aside, put_behind, rename
from etl.warehouse.session import connect, explained, name

if TYPE_CHECKING:
    import psycopg

RUN_LOCK = 5_404_001
PUBLISH_LOCK = 5_404_002
WAIT_SECONDS = 60.0

MADE_FROM_CDM = ("study", "vocabulary", "results")
"""The schemas that belong to the CDM they were made from, and go back with it."""


def publish(con_url: str, load_id: str, wait_seconds: float = WAIT_SECONDS) -> None:
    """Make `cdm_next` the published `cdm`; nothing to do when a broken run did it already.

    Waits for transactions that read the published CDM, then raises BusyError. WarehouseError when
    `cdm_next` is not the whole of this load. Without `results` the empty one is published too.
    """
    with connect(con_url) as con:
        schemas = ["cdm"] if load_of(con, "results") else ["cdm", "results"]
        if load_of(con, "cdm_next") is None and load_of(con, "cdm") == (load_id, True):
            return
        _swap_in(con, schemas, load_id, wait_seconds)
    drop_old(con_url)


def rollback(con_url: str, wait_seconds: float = WAIT_SECONDS) -> str:
    """Swap `cdm` and `cdm_previous`, and with them the study made from them; give the load's id.

    Rolling back twice is where one was. Where no study was made from the previous CDM, there is
    none afterwards. NotFoundError when there is no previous CDM.
    """
    with connect(con_url) as con:
        current, previous = load_of(con, "cdm"), load_of(con, "cdm_previous")
        if previous is None:
            raise NotFoundError("there is no previous CDM to go back to: publish a second load")
        schemas = ["cdm"]
        if current:
            schemas += [s for s in MADE_FROM_CDM if load_of(con, s) in (current, None)]

        def swap(con: "psycopg.Connection[tuple[Any, ...]]") -> None:
            for schema in schemas:
                had_previous = load_of(con, f"{schema}_previous") == previous
                if not had_previous and load_of(con, schema) is not None:
                    put_aside(con, f"{schema}_previous")  # of a CDM that is no more
                if load_of(con, schema) is not None:
                    rename(con, schema, f"{schema}_swap")
                if had_previous:
                    rename(con, f"{schema}_previous", schema)
                if load_of(con, f"{schema}_swap") is not None:
                    rename(con, f"{schema}_swap", f"{schema}_previous")
                if had_previous:
                    carry_grants(con, f"{schema}_previous", schema)

        locked = [s for schema in schemas for s in (schema, f"{schema}_previous")]
        _in_one_go(con, locked, swap, wait_seconds)
        return previous[0]


@contextlib.contextmanager
def warehouse_lock(con_url: str) -> Iterator[None]:
    """Hold the warehouse for one run; BusyError when another run holds it.

    The lock belongs to a connection, so the server releases it when the process dies.
    """
    with connect(con_url) as con:
        row = con.execute("SELECT pg_try_advisory_lock(%s)", [RUN_LOCK]).fetchone()
        if not row or not row[0]:
            raise BusyError("another run is using this warehouse: wait for its end, then run again")
        yield


def _swap_in(
    con: "psycopg.Connection[tuple[Any, ...]]",
    schemas: list[str],
    load_id: str,
    wait_seconds: float,
) -> None:
    for schema in schemas:
        if load_of(con, f"{schema}_next") != (load_id, True):
            raise WarehouseError(
                f"{schema}_next does not hold the whole of load {load_id}: load it again"
            )

    def swap(con: "psycopg.Connection[tuple[Any, ...]]") -> None:
        for schema in schemas:
            if load_of(con, schema) is not None:
                carry_grants(con, schema, f"{schema}_next")
            put_behind(con, schema, load_id)
            rename(con, f"{schema}_next", schema)

    _in_one_go(con, schemas, swap, wait_seconds)


def _in_one_go(
    con: "psycopg.Connection[tuple[Any, ...]]",
    schemas: list[str],
    action: Callable[["psycopg.Connection[tuple[Any, ...]]"], None],
    wait_seconds: float,
) -> None:
    """Run the action in one transaction that holds every table of the schemas."""
    import psycopg

    try:
        with con.transaction():
            hold(con, schemas, schemas[0], wait_seconds)
            action(con)
    except psycopg.Error as error:
        raise explained(error) from None


def hold(
    con: "psycopg.Connection[tuple[Any, ...]]", schemas: list[str], what: str, wait_seconds: float
) -> None:
    """Lock every table of the schemas against everybody until the transaction's end.

    Without the lock a reader in a REPEATABLE READ transaction would go on in the new tables. The
    lock is tried for less than the second after which a waiting reader looks for deadlocks: it is
    we who give way. BusyError, naming `what`, when readers do not end.
    """
    import psycopg

    deadline = time.monotonic() + wait_seconds
    while True:
        try:
            with con.transaction():  # in a transaction a savepoint: what was locked is let go
                con.execute("SET LOCAL statement_timeout = '900ms'")
                con.execute("SELECT pg_advisory_xact_lock(%s)", [PUBLISH_LOCK])
                tables = con.execute(_LOCKABLE, [schemas]).fetchall()
                if tables:
                    listed = ", ".join(name(schema, table) for schema, table in tables)
                    con.execute(f"LOCK TABLE {listed} IN ACCESS EXCLUSIVE MODE")
                con.execute("SET LOCAL statement_timeout = 0")
            return
        except (psycopg.errors.QueryCanceled, psycopg.errors.DeadlockDetected):
            if time.monotonic() > deadline:
                raise BusyError(
                    f"a transaction has been reading the published {what} for more than"
                    f" {wait_seconds:.0f} s: end it, then run again (nothing was changed)"
                ) from None
            time.sleep(0.3)


_LOCKABLE = """
SELECT place.nspname, relation.relname
FROM pg_catalog.pg_class AS relation
JOIN pg_catalog.pg_namespace AS place ON place.oid = relation.relnamespace
WHERE place.nspname = ANY(%s) AND relation.relkind IN ('r', 'p', 'v')
    AND pg_catalog.pg_has_role(relation.relowner, 'USAGE')
ORDER BY place.nspname, relation.relname
"""
