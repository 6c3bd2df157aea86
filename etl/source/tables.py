"""The tables of one load: the index, then the visits, then all others side by side.

The index says who is who and a visit whose it is: the texts of the other tables need both.
"""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from etl.engine.side_by_side import side_by_side
from etl.settings import Settings
from etl.source import identity, own_words
from etl.source.contracts import Contracts
from etl.source.database import Part
from etl.source.ledger import LandedFile, Ledger, TableLedger, TableLoad
from etl.source.pseudonym import use_key
from etl.source.table import land_table

Progress = Callable[[str, int, float], None]


@dataclass(frozen=True)
class LandedTable:
    """What a load did to one table; `rows` = unchanged + rejected + void + superseded + current."""

    table: str
    files: int
    rows: int
    new: int
    unchanged: int
    rejected: int
    void: int
    superseded: int

    @property
    def current(self) -> int:
        """Rows that the transform will read."""
        return self.rows - self.unchanged - self.rejected - self.void - self.superseded


def land_tables(
    con: duckdb.DuckDBPyConnection,
    key: bytes,
    settings: Settings,
    contracts: Contracts,
    ledger: Ledger,
    parts: Mapping[str, Sequence[Part]],
    scratch: Path,
    progress: Progress | None,
) -> tuple[list[LandedTable], list[str]]:
    """Land the new parts of every table; give what was done to each, and notices.

    Both are in the order of `parts`, whichever table was done first.
    """
    files = {table: _on_record(ledger, new_parts) for table, new_parts in parts.items()}
    for table in parts:
        ledger.tables.setdefault(table, TableLedger())
    done: dict[str, LandedTable] = {}
    notices: dict[str, list[str]] = {}
    last = time.monotonic()

    def work(cursor: duckdb.DuckDBPyConnection, table: str) -> tuple[TableLoad, list[str]]:
        use_key(cursor, key)
        return land_table(
            cursor, settings, contracts, table, ledger, parts[table], files[table], scratch
        )

    def record(table: str, load: TableLoad, found: list[str]) -> None:
        nonlocal last
        done[table] = _summary(table, len(parts[table]), load)
        empty = [f"{f.name}: holds no rows" for f in files[table] if not f.row_count]
        notices[table] = found + empty
        now = time.monotonic()
        if progress:
            progress(f"raw.{table}", load.rows, now - last)
        last = now

    if identity.INDEX in parts:
        record(identity.INDEX, *work(con, identity.INDEX))
    identity.resolve_persons(con, settings, contracts, ledger)
    own_words.gather_words(con)
    nameless = own_words.nameless_notice(con)
    if identity.VISIT in parts:
        record(identity.VISIT, *work(con, identity.VISIT))
    own_words.link_visits(con, settings, contracts, ledger)
    # The largest first: two large ones left to the end would have one core each.
    others = sorted(
        (table for table in parts if table not in done),
        key=lambda table: -sum(file.size for file in files[table]),
    )
    for table, (load, found) in side_by_side(con, others, work):
        record(table, load, found)
    return [done[table] for table in parts], nameless + [n for t in parts for n in notices[t]]


def _on_record(ledger: Ledger, parts: Sequence[Part]) -> list[LandedFile]:
    now = datetime.now(UTC).replace(tzinfo=None, microsecond=0)
    first = max((file.file_no for file in ledger.files), default=0) + 1
    files = [
        LandedFile(
            file_no=file_no,
            load_no=ledger.loads,
            table=part.table,
            name=part.name,
            size=part.size,
            sha256=part.sha256,
            encoding=part.encoding,
            landed_at=now,
        )
        for file_no, part in enumerate(parts, start=first)
    ]
    ledger.files += files
    return files


def _summary(table: str, files: int, load: TableLoad) -> LandedTable:
    return LandedTable(
        table=table,
        files=files,
        rows=load.rows,
        new=load.new,
        unchanged=load.unchanged,
        rejected=load.rejected,
        void=load.void,
        superseded=load.superseded,
    )
