"""`npc-omop vocabulary load`: a download becomes the vocabulary of the next run.

Check, keep as Parquet, load into the warehouse, then put it in use by replacing one small file.
Whatever goes wrong before that, the vocabulary in use stays, and so does the published CDM.
"""

import hashlib
import os
import shutil
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import duckdb

from etl.engine.duckdb import reason
from etl.errors import UsageError, VocabularyError
from etl.settings import Settings
from etl.vocabulary import kept as keeping
from etl.vocabulary.athena.bundle import open_bundle, to_parquet
from etl.vocabulary.athena.integrity import make_whole
from etl.vocabulary.kept import Kept
from etl.vocabulary.local import FIRST, open_local
from etl.vocabulary.starter import write_starter
from etl.vocabulary.tables import quoted
from etl.warehouse import spec

FORMAT = 1
"""Raised when the same download would be kept differently."""

Progress = Callable[[str, int, float], None]


def load(folder: Path, settings: Settings, progress: Progress) -> Kept:
    """Check a download, keep it, load it into the warehouse, and put it in use.

    The same download again is quick: what is there is not made twice. Raises VocabularyError
    naming file and line, WarehouseError, or BusyError while a run is at work.
    """
    from etl.run import held
    from etl.warehouse.publish import warehouse_lock
    from etl.warehouse.schemas import drop_old
    from etl.warehouse.server import connect_url
    from etl.warehouse.vocabulary import load_vocabulary, schema_of

    with held(settings):
        url = connect_url(settings)  # a warehouse that cannot be reached is told first
        kept = keep(folder, settings, progress)
        with warehouse_lock(url):
            drop_old(url, keep=schema_of(kept.digest))
            report = load_vocabulary(
                url,
                kept.folder,
                kept.digest,
                lambda table, rows: progress(f"copied.{table}", rows, 0.0),
            )
            for phase, seconds in report.seconds.items():
                progress(f"load.{phase}", sum(report.rows.values()), seconds)
            keeping.put_in_use(settings, kept.digest)
            drop_old(url)
        keeping.drop_unused(settings)
    return kept


def keep(folder: Path, settings: Settings, progress: Progress) -> Kept:
    """Check a download and write its Parquet files under the data home, unless they are there."""
    started = time.monotonic()
    files = open_bundle(folder)
    digest = hashlib.sha256()
    for file in files:
        digest.update(f"{file.table}\t{file.sha256}\n".encode())
    progress("check.bytes", 0, time.monotonic() - started)

    def raw(con: duckdb.DuckDBPyConnection, place: Path) -> dict[str, Path]:
        paths = {}
        for file in files:
            started = time.monotonic()
            paths[file.table] = place / f"{file.table}.parquet"
            rows = to_parquet(con, file, paths[file.table])
            progress(f"check.{file.name}", rows, time.monotonic() - started)
        return paths

    return _kept(settings, digest.hexdigest(), raw, progress)


def provide(settings: Settings, con: duckdb.DuckDBPyConnection, progress: Progress) -> None:
    """Give the lake the vocabulary in use: links to a loaded one, or the starter's own files.

    Where the local concepts have changed since it was loaded, it is made anew from what is kept.
    """
    vocabulary = keeping.current(settings)
    if vocabulary is None:
        write_starter(settings.lake, settings.mappings, con)
        return
    if vocabulary.local != _local_digest(settings):
        former = vocabulary
        vocabulary = _kept(
            settings, former.bundle, lambda con, place: _without_local(con, former, place), progress
        )
        keeping.put_in_use(settings, vocabulary.digest)
    keeping.link(vocabulary, settings.lake)


def use(which: str, settings: Settings) -> str:
    """Put a kept vocabulary in use: `starter`, `previous` or a digest; give its name.

    UsageError where it is not kept.
    """
    from etl.run import held

    with held(settings):
        if which == "previous":
            before = keeping.previous(settings)
            which = before.digest if before else keeping.STARTER
        folder = keeping.kept_folder(settings)
        if which != keeping.STARTER and keeping.read_kept(folder / which) is None:
            raise UsageError(f"{which}: no such vocabulary in {folder}: load its download again")
        keeping.put_in_use(settings, which)
    return which


def in_use(settings: Settings) -> str:
    """Name the vocabulary in use for the id of a load: its digest, or `starter`."""
    vocabulary = keeping.current(settings)
    return vocabulary.digest if vocabulary else keeping.STARTER


def _kept(
    settings: Settings,
    bundle: str,
    raw: Callable[[duckdb.DuckDBPyConnection, Path], dict[str, Path]],
    progress: Progress,
) -> Kept:
    """Make a vocabulary whole from its raw tables, beside the kept ones, and rename it last."""
    local = _local_digest(settings)
    made_from = repr([FORMAT, bundle, local, [spec.columns(t) for t in spec.VOCABULARY_TABLES]])
    digest = hashlib.sha256(made_from.encode()).hexdigest()[:16]
    final = keeping.kept_folder(settings) / digest
    if there := keeping.read_kept(final):
        return there
    building = keeping.kept_folder(settings) / f".building-{os.getpid()}"
    shutil.rmtree(final, ignore_errors=True)
    _clear(keeping.kept_folder(settings))
    (building / "raw").mkdir(parents=True, mode=0o700)
    building.chmod(0o700)
    try:
        with duckdb.connect(
            config={
                "memory_limit": settings.memory_limit,
                "threads": settings.threads,
                "temp_directory": str(building / "tmp"),
                "autoinstall_known_extensions": False,
                "autoload_known_extensions": False,
            }
        ) as con:
            open_local(con, settings.mappings)
            tables = raw(con, building / "raw")
            started = time.monotonic()
            rows, notices = make_whole(con, tables, settings.mappings, building)
            progress("check.references", sum(rows.values()), time.monotonic() - started)
            version = con.execute(
                "SELECT vocabulary_version FROM"
                f" read_parquet({quoted(building / 'vocabulary.parquet')})"
                " WHERE vocabulary_id = 'None'"
            ).fetchone()
        for leftover in ("raw", "tmp"):
            shutil.rmtree(building / leftover, ignore_errors=True)
        kept = Kept(
            building, digest, bundle, local, str(version[0]) if version else "", rows, notices
        )
        keeping.write_manifest(kept)
        os.replace(building, final)
    except (duckdb.Error, OSError) as error:
        raise VocabularyError(f"the download cannot be kept: {reason(error)}") from None
    finally:
        shutil.rmtree(building, ignore_errors=True)
    return replace(kept, folder=final)


def _clear(folder: Path) -> None:
    """Remove what a killed load left half made; the data home is held, so no other is at work."""
    for left in folder.glob(".building-*"):
        shutil.rmtree(left, ignore_errors=True)


def _without_local(con: duckdb.DuckDBPyConnection, kept: Kept, place: Path) -> dict[str, Path]:
    """Take a kept vocabulary's own rows, as they came in the download."""
    paths = {}
    for table in spec.VOCABULARY_TABLES:
        ids = [c.name for c in spec.columns(table) if "concept_id" in c.name]
        ours = " OR ".join(f"coalesce({name}, 0) >= {FIRST}" for name in ids)
        paths[table] = place / f"{table}.parquet"
        con.execute(
            f"COPY (SELECT * FROM read_parquet({quoted(kept.folder / f'{table}.parquet')})"
            f" WHERE NOT ({ours})) TO {quoted(paths[table])} (FORMAT parquet, COMPRESSION lz4)"
        )
    return paths


def _local_digest(settings: Settings) -> str:
    path = settings.mappings / "vocabulary" / "local_concept.csv"
    return hashlib.sha256(path.read_bytes()).hexdigest()
