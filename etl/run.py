"""One run: landing, steps, load, ledger, publish, study. Airflow and the command line call this."""

import fcntl
import json
import os
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import asdict, replace
from datetime import date
from importlib import import_module
from pathlib import Path
from typing import IO, Any

import duckdb

from etl.engine.duckdb import (
    connect,
    is_built,
    open_table,
    open_tables,
    remove_strangers,
    run_steps,
)
from etl.engine.given import given_tables
from etl.engine.plan import Step, needed, ordered, read_steps
from etl.errors import BusyError, EtlError, NotFoundError
from etl.load_id import load_id_of
from etl.progress import Reporter
from etl.quality.coverage import by_vocabulary, coverage
from etl.quality.reconcile import Ledger, reconcile, require_balance
from etl.settings import Settings
from etl.source.contracts import Contracts, load_contracts
from etl.source.files import Folder
from etl.source.landing import land, open_raw
from etl.vocabulary.athena.load import provide
from etl.vocabulary.maps.code_map import write_code_map
from etl.vocabulary.maps.codelist import write_codelists

SUMMARY = "run.json"


def contracts_of(settings: Settings) -> Contracts:
    """The hospital's contracts."""
    return load_contracts(settings.mappings / "sources")


def plan(contracts: Contracts) -> list[Step]:
    """Every step, in order, checked against the tables that landing and the vocabulary give."""
    return ordered(read_steps(), given_tables(contracts))


@contextmanager
def held(settings: Settings) -> Iterator[None]:
    """Hold the data home for one run; BusyError when another one has it."""
    home = settings.home
    try:
        home.mkdir(parents=True, exist_ok=True)
        lock: IO[str] = (home / ".lock").open("a+")
    except OSError as error:
        raise EtlError(
            f"{home}: {os.strerror(error.errno or 0)}: name a --home you can write to"
        ) from None
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise BusyError(f"{home}: another run is at work here: wait for it to end") from None
        yield


def open_lake(settings: Settings, contracts: Contracts) -> duckdb.DuckDBPyConnection:
    """A connection in which `raw`, the vocabulary and the finished steps can be read."""
    con = connect(settings)
    open_raw(con, settings, contracts)
    open_tables(con, settings.lake)
    return con


def finished(settings: Settings) -> dict[str, Any]:
    """The summary of the last finished run; NotFoundError where there is none."""
    path = settings.lake / SUMMARY
    if not path.exists():
        raise NotFoundError(
            f"{settings.home}: no finished run here: `npc-omop run --source DIR` makes one"
        )
    summary: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return summary


def transform(
    con: duckdb.DuckDBPyConnection,
    settings: Settings,
    contracts: Contracts,
    progress: Reporter,
    only: str | None = None,
    steps: list[Step] | None = None,
) -> None:
    """Build vocabulary, stage, stem and cdm in the lake; `only` runs a single step again.

    `steps`: the plan, where it was read before.
    """
    from etl.notes.function import note_facts

    steps = steps or plan(contracts)
    if only:
        steps = needed(steps, only)[-1:]
        earlier = [t for t in steps[0].reads if not t.startswith("raw.")]
        missing = [table for table in earlier if not is_built(settings.lake, table)]
        if missing:
            raise NotFoundError(f"{only}: reads {missing[0]}, which no run has built yet")
    else:
        started = time.monotonic()
        provide(settings, con, progress)
        write_code_map(settings.lake, settings.mappings, con)
        write_codelists(settings.lake, settings.mappings, con)
        progress("vocabulary", 0, time.monotonic() - started)
        remove_strangers(settings.lake, steps)
    for path in sorted((settings.lake / "vocabulary").glob("*.parquet")):
        open_table(con, settings.lake, f"vocabulary.{path.stem}")
    progress.expect(len(steps))
    with note_facts(con, settings.threads):
        # Reading texts keeps every core busy: beside it nothing else would be faster.
        for layers in (("stage",), ("note",), ("stem", "cdm")):
            together = [step for step in steps if step.layer in layers]
            run_steps(con, together, settings.lake, progress)


def run(source: Path, settings: Settings, progress: Reporter) -> dict[str, Any]:
    """Do everything from landing to the cohort; return what a reader wants to know of it.

    After a crash at any point the published CDM is what it was, and the same call finishes the
    work. Raises an EtlError of the class of the failure.
    """
    from etl.quality.coverage_history import record_coverage
    from etl.warehouse import load as warehouse
    from etl.warehouse.publish import publish, warehouse_lock
    from etl.warehouse.server import connect_url

    contracts = contracts_of(settings)
    with held(settings), ThreadPoolExecutor(1) as beside:
        started = time.monotonic()
        server = beside.submit(connect_url, settings)
        steps = beside.submit(plan, contracts)
        beside.submit(import_module, "etl.notes.function")  # the rules take a while to compile
        folder = Folder(source, contracts)
        folder.parts()  # every byte is looked at while the server starts
        progress("landing.files", 0, time.monotonic() - started)
        started = time.monotonic()
        url = server.result()
        with warehouse_lock(url):
            progress("warehouse.server", 0, time.monotonic() - started)
            started = time.monotonic()
            landed = land(source, settings, contracts, progress, folder)
            rows = sum(table.rows for table in landed.tables)
            tables = progress.seconds.get("raw", 0.0)
            progress("landing.ledger", 0, time.monotonic() - started - tables)
            for notice in landed.notices:
                progress.note(notice)
            (settings.lake / SUMMARY).unlink(missing_ok=True)
            con = connect(settings)
            try:
                open_raw(con, settings, contracts)
                transform(con, settings, contracts, progress, steps=steps.result())
                started = time.monotonic()
                ledger = reconcile(con, settings.lake, contracts)
                require_balance(ledger)
                covered = coverage(con, settings.lake)
                progress("validate.ledger", ledger.events, time.monotonic() - started)
            finally:
                con.close()
            load_id = load_id_of(settings)
            report = warehouse.load(
                url,
                settings.lake,
                load_id,
                lambda name, rows: progress(f"copied.{name}", rows, 0.0),
            )
            for phase, seconds in report.seconds.items():
                progress(f"load.{phase}", 0, seconds)
            started = time.monotonic()
            publish(url, load_id)
            record_coverage(url, load_id, covered)
            progress("publish.cdm", 0, time.monotonic() - started)
            attrition = study(url, settings, progress)
        summary = {
            "load_id": load_id,
            "landed": {"rows": rows, "tables": [asdict(t) for t in landed.tables]},
            "rows": report.rows,
            "rejected": {a.table: a.rejected for a in ledger.accounts if a.rejected},
            "coverage": by_vocabulary(covered),
            "attrition": attrition,
            "seconds": progress.seconds,
        }
        write_summary(settings, summary)
        return summary


def study(url: str, settings: Settings, progress: Reporter) -> list[tuple[Any, ...]]:
    """Build the study's tables from the published CDM, inside the warehouse.

    Gives the attrition: criterion, entering, met, not met, unknown, remaining.
    """
    from etl.study.cohort import build
    from etl.study.definition import Study
    from etl.study.review import kept_review

    started = time.monotonic()
    defined = Study()
    review = kept_review(settings, defined, date.today())
    built = build(url, defined, settings.mappings, review)
    progress("study.build", built.rows_in_all, time.monotonic() - started)
    if built.conflicts:
        progress.note(built.conflicts)
    return built.attrition


def write_summary(settings: Settings, summary: dict[str, Any]) -> None:
    """Say that the lake is whole, and what is in it: counts and seconds only."""
    path = settings.lake / SUMMARY
    unfinished = path.with_suffix(".tmp")
    unfinished.write_text(json.dumps(summary, indent=2, ensure_ascii=False), encoding="utf-8")
    os.replace(unfinished, path)


def ledger_of(settings: Settings) -> Ledger:
    """The ledger of the last finished run, with the published row counts beside the lake's."""
    from etl.warehouse.published import published_rows
    from etl.warehouse.server import connect_url

    finished(settings)
    contracts = contracts_of(settings)
    con = open_lake(settings, contracts)
    try:
        ledger = reconcile(con, settings.lake, contracts)
        built = {
            path.stem: con.execute(f"SELECT count(*) FROM cdm.{path.stem}").fetchall()[0][0]
            for path in sorted((settings.lake / "cdm").glob("*.parquet"))
        }
    finally:
        con.close()
    served = published_rows(connect_url(settings))
    return replace(
        ledger, published={table: (rows, served.get(table, 0)) for table, rows in built.items()}
    )
