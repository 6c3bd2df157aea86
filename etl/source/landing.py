"""Landing: files become pseudonymised Parquet with row ids, all of a load or nothing of it.

A load is one call. What was landed before is never changed: a later version of a row is stored
beside the older one, and `raw.<TABLE>.fate` says which is current. A row that comes again as it
is on record is counted as unchanged and not stored again.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from etl.engine.duckdb import connect
from etl.errors import EtlError, KeyMissingError, SourceError
from etl.settings import Settings
from etl.source import identity, own_words, rejects
from etl.source.contracts import Contracts
from etl.source.database import Part, Reader
from etl.source.files import Folder
from etl.source.ledger import Ledger, commit, landing_zone, read_ledger, remove_orphans
from etl.source.pseudonym import (
    drop_key,
    fingerprint,
    is_generated,
    open_key_notice,
    read_key,
    use_key,
)
from etl.source.raw import open_raw
from etl.source.store import write
from etl.source.tables import LandedTable, Progress, land_tables
from etl.source.versions import count

__all__ = ["Landed", "LandedTable", "land", "open_raw"]


@dataclass
class Landed:
    """What a load did. `load_no` is None where every file was on record already."""

    load_no: int | None = None
    tables: list[LandedTable] = field(default_factory=list)
    skipped: list[str] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)


def land(
    source: Path,
    settings: Settings,
    contracts: Contracts,
    progress: Progress | None = None,
    folder: Folder | None = None,
) -> Landed:
    """Land a folder of files. Raises SourceError, KeyMissingError, BusyError: nothing landed.

    `folder`: the same, where its files have been looked at already.
    """
    generated = is_generated(source)
    folder = folder or Folder(source, contracts)
    return land_from(folder, settings, contracts, generated=generated, progress=progress)


def land_from(
    reader: Reader,
    settings: Settings,
    contracts: Contracts,
    *,
    generated: bool = False,
    progress: Progress | None = None,
) -> Landed:
    """Land what a reader gives, as one load."""
    parts = reader.parts()
    key = read_key(settings, generated=generated)
    with landing_zone(settings) as scratch:
        ledger = read_ledger(settings)
        remove_orphans(settings, ledger)
        _check_key(ledger, fingerprint(key))
        _check_required(parts, contracts, ledger)
        fresh = _fresh(parts, ledger)
        landed = Landed(notices=[*open_key_notice(settings), *reader.notices])
        landed.skipped = [part.name for part in parts if part not in fresh]
        handed_over = {part.table for part in parts}
        landed.notices += [f"{t}: not handed over" for t in contracts if t not in handed_over]
        if not fresh:
            return landed
        scratch.mkdir(mode=0o700, exist_ok=True)
        con = connect(settings)
        try:
            quoted = str(scratch.absolute()).replace("'", "''")
            con.execute(f"SET temp_directory = '{quoted}'")
            use_key(con, key)
            _land_all(
                con, key, settings, contracts, ledger, parts, fresh, landed, scratch, progress
            )
            ledger.key_fingerprint = fingerprint(key)
            ledger.is_generated = generated
            ledger.notices = landed.notices
            commit(settings, ledger)
        except duckdb.OutOfMemoryException:
            raise EtlError(
                "landing: the memory limit is too low for this load: raise NPC_OMOP_MEMORY_LIMIT;"
                " nothing was landed"
            ) from None
        except (duckdb.IOException, OSError) as error:
            raise EtlError(
                f"landing: {settings.landing} cannot be written ({_io_reason(error)});"
                " nothing was landed"
            ) from None
        finally:
            drop_key(con)
            con.close()
    return landed


def _land_all(
    con: duckdb.DuckDBPyConnection,
    key: bytes,
    settings: Settings,
    contracts: Contracts,
    ledger: Ledger,
    parts: Sequence[Part],
    fresh: Sequence[Part],
    landed: Landed,
    scratch: Path,
    progress: Progress | None,
) -> None:
    ledger.loads += 1
    landed.load_no = ledger.loads
    now = datetime.now(UTC).replace(tzinfo=None, microsecond=0)
    own_words.create_word_tables(con)
    rejects.create_fault_table(con)
    index = [part for part in parts if part.table == identity.INDEX]
    newest = own_words.read_index(con, contracts[identity.INDEX], index, now.date(), scratch)
    if settings.extract_on or newest or ledger.extract_on is None:
        ledger.extract_on = settings.extract_on or newest or now.date()
    by_table = {table: [part for part in fresh if part.table == table] for table in contracts}
    by_table = {table: new_parts for table, new_parts in by_table.items() if new_parts}
    landed.tables, notices = land_tables(
        con, key, settings, contracts, ledger, by_table, scratch, progress
    )
    landed.notices += notices
    if count(con, "SELECT count(*) FROM fault"):
        name = f"rejects/load_{ledger.loads:04d}.parquet"
        write(con, settings, name, "SELECT * FROM fault ORDER BY ALL")
        ledger.reject_paths.append(name)
    for part in fresh:
        if not part.unchanged():
            raise SourceError(f"{part.name} ({part.table}): changed while it was read: run again")


def _fresh(parts: Sequence[Part], ledger: Ledger) -> list[Part]:
    """The parts whose content is not on record; of two with the same content, the first."""
    fresh: dict[tuple[str, str], Part] = {}
    for part in parts:
        if not ledger.has(part.table, part.sha256):
            fresh.setdefault((part.table, part.sha256), part)
    return list(fresh.values())


def _check_key(ledger: Ledger, mark: str) -> None:
    if ledger.key_fingerprint not in (None, mark):
        raise KeyMissingError(
            "the key is not the one that this home's pseudonyms were made with: give the first"
            " key, or another --home"
        )


def _check_required(parts: Sequence[Part], contracts: Contracts, ledger: Ledger) -> None:
    """An increment may lack a required table; the first load may not."""
    there = {part.table for part in parts} | set(ledger.tables)
    for table, contract in contracts.items():
        if contract.required and table not in there:
            raise SourceError(
                f"{table} ({contract.title}): the file is missing, and it is required"
            )


def _io_reason(error: Exception) -> str:
    text = str(error).lower()
    if "no space" in text:
        return "no space left on the disk"
    if "permission" in text:
        return "no right to write"
    return "the file system refused"
