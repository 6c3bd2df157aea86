"""The ledger of what was landed: one JSON file, replaced in one piece, is the commit point.

Parquet files of the landing zone count only when the ledger names them; what a crash leaves
behind is nobody's, and the next landing removes it.
"""

import contextlib
import fcntl
import os
import shutil
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

from pydantic import BaseModel, ValidationError

from etl.errors import BusyError, EtlError
from etl.settings import Settings

FOLDERS = ("raw", "keys", "rejects", "superseded", "identity")


class LandedFile(BaseModel):
    """One file on record."""

    file_no: int
    load_no: int
    table: str
    name: str
    size: int
    sha256: str
    encoding: str
    row_count: int = 0
    unchanged: int = 0
    landed_at: datetime


class TableLoad(BaseModel):
    """What one load did to one table. Paths are relative to the landing zone; None: no rows.

    `rows` were handed over: `unchanged` ones are on record already and not stored again, the
    others are, and of these so many are `rejected`, `void` or `superseded` (within the load).
    `outdated` counts the rows of earlier loads that this load superseded.
    """

    load_no: int
    rows: int
    unchanged: int = 0
    rejected: int = 0
    void: int = 0
    superseded: int = 0
    outdated: int = 0
    new: int = 0
    newest: datetime | None = None
    columns: list[str] = []
    raw_path: str | None = None
    keys_path: str | None = None
    superseded_path: str | None = None


class TableLedger(BaseModel):
    """A table's loads, and the next row id that is free."""

    next_row_id: int = 1
    loads: list[TableLoad] = []


class Ledger(BaseModel):
    """Everything on record about one hospital."""

    version: int = 1
    key_fingerprint: str | None = None
    is_generated: bool = False
    extract_on: date | None = None
    loads: int = 0
    files: list[LandedFile] = []
    tables: dict[str, TableLedger] = {}
    next_person_id: int = 1
    person_paths: list[str] = []
    identity_path: str | None = None
    reject_paths: list[str] = []
    notices: list[str] = []

    def paths(self) -> set[str]:
        """Every file that the ledger names, relative to the landing zone."""
        named = {*self.person_paths, *self.reject_paths}
        if self.identity_path:
            named.add(self.identity_path)
        for table in self.tables.values():
            for load in table.loads:
                named |= {load.raw_path, load.keys_path, load.superseded_path} - {None}  # type: ignore[arg-type]
        return named

    def has(self, table: str, sha256: str) -> bool:
        """Whether this very content was landed for this table."""
        return any(file.table == table and file.sha256 == sha256 for file in self.files)


def ledger_path(settings: Settings) -> Path:
    """Where the ledger lies."""
    return settings.landing / "ledger.json"


def read_ledger(settings: Settings) -> Ledger:
    """The ledger, or an empty one; EtlError where it is damaged."""
    path = ledger_path(settings)
    try:
        return Ledger.model_validate_json(path.read_bytes())
    except FileNotFoundError:
        return Ledger()
    except OSError as error:
        raise EtlError(f"{path}: cannot be read: {error.strerror}") from None
    except ValidationError:
        raise EtlError(
            f"{path}: is damaged: restore it, or land again into an empty home"
        ) from None


def commit(settings: Settings, ledger: Ledger) -> None:
    """Make a load count: sync every file it names, then replace the ledger in one step."""
    landing = settings.landing
    for name in sorted(ledger.paths()):
        path = landing / name
        path.chmod(0o600)
        _sync(path)
    for folder in FOLDERS:
        for path in [landing / folder, *(landing / folder).glob("*/")]:
            if path.is_dir():
                _sync(path)
    unfinished = landing / "tmp" / "ledger.json"
    unfinished.parent.mkdir(mode=0o700, exist_ok=True)
    with unfinished.open("w", encoding="utf-8") as file:
        file.write(ledger.model_dump_json(indent=1))
        file.flush()
        os.fsync(file.fileno())
    os.replace(unfinished, ledger_path(settings))
    _sync(landing)


def remove_orphans(settings: Settings, ledger: Ledger) -> None:
    """Delete what no ledger names: the remains of a landing that did not finish."""
    named = ledger.paths()
    shutil.rmtree(settings.landing / "tmp", ignore_errors=True)
    for folder in FOLDERS:
        for path in (settings.landing / folder).rglob("*"):
            if path.is_file() and str(path.relative_to(settings.landing)) not in named:
                path.unlink()


@contextlib.contextmanager
def landing_zone(settings: Settings) -> Iterator[Path]:
    """The landing zone, made owner-only and held by this process alone; gives its scratch folder.

    Raises BusyError when another landing holds it, EtlError when it cannot be written.
    """
    landing = settings.landing
    mask = os.umask(0o077)
    try:
        try:
            landing.mkdir(parents=True, exist_ok=True, mode=0o700)
            landing.chmod(0o700)
            lock = os.open(landing / ".lock", os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            raise EtlError(f"{landing}: cannot be written: {error.strerror}") from None
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            os.close(lock)
            raise BusyError(f"{landing}: another landing is at work: wait for it to end") from None
        scratch = landing / "tmp"
        try:
            yield scratch
        finally:
            shutil.rmtree(scratch, ignore_errors=True)
            os.close(lock)
    finally:
        os.umask(mask)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
