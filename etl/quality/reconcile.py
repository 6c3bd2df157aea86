"""The ledger: what became of every row that the hospital handed over.

For each source table: landed = superseded + rejected + void + carried, where a carried row is in
the CDM or is listed with the reason why it has no place there. A row that is in neither is missing,
and an event that is not in the CDM exactly once is a loss or a double: either fails the load.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path

import duckdb

from etl.engine.duckdb import open_tables
from etl.errors import ReconcileError, TransformError
from etl.source.contracts import Contract, Contracts

EVENT_IDS = {
    "condition_occurrence": "condition_occurrence_id",
    "drug_exposure": "drug_exposure_id",
    "procedure_occurrence": "procedure_occurrence_id",
    "measurement": "measurement_id",
    "observation": "observation_id",
    "specimen": "specimen_id",
    "visit_occurrence": "visit_occurrence_id",
    "note": "note_id",
}
SLICE = 4_000_000  # rows joined at a time: about 250 MB
FROM_EVENT = tuple(name for name in EVENT_IDS if name not in ("visit_occurrence", "note"))


@dataclass(frozen=True)
class Account:
    """One source table's rows, by what became of them."""

    table: str
    landed: int
    superseded: int
    rejected: int
    void: int
    in_cdm: int
    listed: int
    missing: int
    reasons: Mapping[str, int] = field(default_factory=dict)

    @property
    def balances(self) -> bool:
        """Whether every row is accounted for once."""
        kept = self.in_cdm + self.listed
        return self.missing == 0 and self.landed == (
            self.superseded + self.rejected + self.void + kept
        )


@dataclass(frozen=True)
class Ledger:
    """All accounts, and the events of the CDM against those that should be there."""

    accounts: tuple[Account, ...]
    events: int
    lost: int
    doubled: int
    published: Mapping[str, tuple[int, int]] = field(default_factory=dict)

    @property
    def balances(self) -> bool:
        """Whether nothing vanished and nothing appeared."""
        same = all(lake == served for lake, served in self.published.values())
        return (
            all(account.balances for account in self.accounts)
            and not self.lost
            and not self.doubled
            and same
        )

    def as_dict(self) -> dict[str, object]:
        """The ledger for JSON."""
        return asdict(self) | {"balances": self.balances}


def reconcile(con: duckdb.DuckDBPyConnection, lake: Path, contracts: Contracts) -> Ledger:
    """Draw up the ledger; TransformError where the memory limit is too low for it."""
    try:
        return draw_up(con, lake, contracts)
    except duckdb.OutOfMemoryException:
        raise TransformError(
            "ledger: the memory limit is too low: raise NPC_OMOP_MEMORY_LIMIT, and run again"
        ) from None


def draw_up(con: duckdb.DuckDBPyConnection, lake: Path, contracts: Contracts) -> Ledger:
    """Draw up the ledger from the open `raw` views and the lake's files."""
    open_tables(con, lake)
    accounts = tuple(account(con, contract) for contract in contracts.values())
    return Ledger(accounts, *events(con))


def slices(con: duckdb.DuckDBPyConnection, relation: str, row_id: str) -> Iterator[str]:
    """Conditions that cut a relation's source rows into slices of bounded size, by `row_id`.

    A join of two slices fits the memory limit, however many rows there are.
    """
    (rows,) = con.execute(f"SELECT count(*) FROM {relation}").fetchone() or (0,)
    pieces = rows // SLICE + 1
    for piece in range(pieces):
        yield f"{row_id} % {pieces} = {piece}" if pieces > 1 else "true"


def account(con: duckdb.DuckDBPyConnection, contract: Contract) -> Account:
    """Account for one source table."""
    fates = dict(
        con.execute(f"SELECT fate, count(*) FROM raw.{contract.table} GROUP BY fate").fetchall()
    )
    reasons = Counter(
        {
            f"rejected: {reason}": rows
            for reason, rows in con.execute(
                f"SELECT reject_reason, count(*) FROM raw.{contract.table}"
                " WHERE fate = 'rejected' GROUP BY ALL ORDER BY ALL"
            ).fetchall()
        }
    )
    rejected = in_cdm = listed = missing = staged = 0
    for reject_reason, is_carried, reason, rows in staged_rows(con, contract):
        staged += rows
        if reject_reason is not None:
            rejected += rows
            reasons[f"rejected: {reject_reason}"] += rows
        elif is_carried:
            in_cdm += rows
        elif reason is not None:
            listed += rows
            reasons[f"not mapped to any table: {reason}"] += rows
        else:
            missing += rows
            reasons["missing"] += rows
    # A current row that its stage table does not hold was lost on the way there.
    missing += fates.get("current", 0) - staged
    return Account(
        table=contract.table,
        landed=sum(fates.values()),
        superseded=fates.get("superseded", 0),
        rejected=fates.get("rejected", 0) + rejected,
        void=fates.get("void", 0),
        in_cdm=in_cdm,
        listed=listed,
        missing=missing,
        reasons=dict(reasons),
    )


def staged_rows(
    con: duckdb.DuckDBPyConnection, contract: Contract
) -> Iterator[tuple[str | None, bool, str | None, int]]:
    """Rows of a stage table by what became of them: reject reason, in the CDM, reason listed."""
    if contract.table == "HZ_ZSY":
        # A person, not an event: its rows are carried when the person is.
        yield from con.execute("""
            SELECT coalesce(stage.reject_reason, person.reject_reason),
                cdm.person_id IS NOT NULL, NULL, count(*)
            FROM stage.master_index AS stage
            LEFT JOIN stage.person AS person ON person.person_id = stage.person_id
            LEFT JOIN cdm.person AS cdm ON cdm.person_id = stage.person_id
            GROUP BY ALL ORDER BY ALL
        """).fetchall()
        return
    union = "\nUNION ALL\n".join(
        f"SELECT {key} AS id FROM cdm.{name}" for name, key in EVENT_IDS.items()
    )
    stage = f"stage.{contract.stage}"
    for piece in slices(con, stage, "row_id"):
        yield from con.execute(f"""
            WITH carried AS (
                SELECT DISTINCT id // 100000 AS row_id FROM ({union})
                WHERE id // 1000 % 100 = {contract.source_no}
            ), listed AS (
                SELECT row_id, min(not_carried_reason) AS reason FROM stem.event
                WHERE not_carried_reason IS NOT NULL AND source_no = {contract.source_no}
                GROUP BY row_id
            )
            SELECT stage.reject_reason, carried.row_id IS NOT NULL, listed.reason, count(*)
            FROM (SELECT * FROM {stage} WHERE {piece}) AS stage
            LEFT JOIN (SELECT * FROM carried WHERE {piece}) AS carried USING (row_id)
            LEFT JOIN (SELECT * FROM listed WHERE {piece}) AS listed USING (row_id)
            GROUP BY ALL ORDER BY ALL
        """).fetchall()


def events(con: duckdb.DuckDBPyConnection) -> tuple[int, int, int]:
    """Count the events that should be in the CDM, those that are not, and those there twice."""
    union = "\nUNION ALL\n".join(
        f"SELECT {EVENT_IDS[name]} AS id FROM cdm.{name}" for name in FROM_EVENT
    )
    expected = lost = doubled = 0
    for piece in slices(con, "stem.event", "id // 100000"):
        row = con.execute(f"""
            WITH there AS (SELECT id, count(*) AS times FROM ({union}) WHERE {piece} GROUP BY id)
            SELECT
                count(event.id),
                count(event.id) FILTER (there.id IS NULL),
                count(*) FILTER (there.times > 1 OR (event.id IS NULL AND there.id IS NOT NULL))
            FROM (
                SELECT id
                FROM (SELECT event_id AS id FROM stem.event WHERE not_carried_reason IS NULL)
                WHERE {piece}
            ) AS event
            FULL JOIN there ON there.id = event.id
        """).fetchone()
        assert row is not None
        expected, lost, doubled = expected + row[0], lost + row[1], doubled + row[2]
    return expected, lost, doubled


def require_balance(ledger: Ledger) -> None:
    """Raise ReconcileError naming the first thing that does not add up."""
    if ledger.balances:
        return
    for entry in ledger.accounts:
        if not entry.balances:
            raise ReconcileError(
                f"{entry.table}: {entry.missing} of {entry.landed} rows are neither in the CDM nor"
                " listed with a reason: see `npc-omop reconcile`"
            )
    for table, (lake, served) in ledger.published.items():
        if lake != served:
            raise ReconcileError(
                f"cdm.{table}: {served} rows are published, {lake} were built: run the load again"
            )
    raise ReconcileError(
        f"of {ledger.events} events {ledger.lost} are not in the CDM and {ledger.doubled} are there"
        " twice or out of nowhere: see `npc-omop reconcile`"
    )
