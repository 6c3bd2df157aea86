"""One table of one load: its parts read, checked, numbered and written as Parquet."""

from collections.abc import Sequence
from pathlib import Path

import duckdb

from etl.settings import Settings
from etl.source import normalise, rejects, versions
from etl.source.contracts import Contract, Contracts
from etl.source.database import Part
from etl.source.incoming import open_incoming, pseudonyms, read_parts
from etl.source.ledger import LandedFile, Ledger, TableLedger, TableLoad
from etl.source.pseudonym import hmac_sql
from etl.source.store import write
from etl.source.versions import count

_SCRATCH_TABLES = ("seen", "numbered", "known", "loser", "rival", "old", "alias")


def land_table(
    con: duckdb.DuckDBPyConnection,
    settings: Settings,
    contracts: Contracts,
    table: str,
    ledger: Ledger,
    parts: Sequence[Part],
    files: Sequence[LandedFile],
    scratch: Path,
) -> tuple[TableLoad, list[str]]:
    """Write a table's new rows and keys; put counts into `ledger` and `files`.

    Gives what the load did and notices on unknown codes. SourceError above the reject limit.
    """
    contract = contracts[table]
    assert ledger.extract_on is not None
    kept = normalise.kept_sql(contract, ledger.extract_on)
    paths = read_parts(con, contract, contracts, parts, files, kept, scratch)
    newest = open_incoming(con, paths)
    load = TableLoad(load_no=ledger.loads, rows=sum(file.row_count for file in files))
    load.newest = newest
    load.columns = list(contract.raw_columns())
    load.rejected = rejects.check_limit(con, contract, load.rows)
    landed = ledger.tables.setdefault(table, TableLedger())
    load.new = versions.number_keys(con, settings, contract, landed)
    content = {name: f"i.{name}" for name in kept}
    hashed = {name: hmac_sql(f"i.{name}") for name in normalise.referring_ids(contract)}
    found = versions.compare(con, settings, contract, landed, load.load_no, content | hashed)
    load.unchanged, load.superseded, load.outdated = (
        found.unchanged,
        found.superseded,
        found.outdated,
    )
    _write(con, settings, contract, load, list(kept))
    _count_fates(con, load)
    _count_unchanged(con, files)
    notices = _unknown_codes(con, contract)
    rejects.keep_faults(con, table, load.load_no)
    landed.next_row_id += load.new
    landed.loads.append(load)
    con.execute("DROP VIEW incoming")
    for name in _SCRATCH_TABLES:
        con.execute(f"DROP TABLE IF EXISTS {name}")
    for path in paths:
        path.unlink()
    return load, notices


def _write(
    con: duckdb.DuckDBPyConnection,
    settings: Settings,
    contract: Contract,
    load: TableLoad,
    content: list[str],
) -> None:
    """Write the load's rows, its new keys, and which older rows it outdates."""
    file = f"{contract.table}/load_{load.load_no:04d}.parquet"
    if load.new:
        write(
            con,
            settings,
            f"keys/{file}",
            "SELECT key, row_id FROM numbered WHERE is_new ORDER BY row_id",
        )
        load.keys_path = f"keys/{file}"
    if load.outdated:
        write(
            con,
            settings,
            f"superseded/{file}",
            f"SELECT file_no, row_no FROM loser WHERE load_no <> {load.load_no}",
        )
        load.superseded_path = f"superseded/{file}"
    if load.rows == load.unchanged:
        return
    joins, lost = "", "false"
    if load.superseded:
        joins += " LEFT JOIN loser AS s ON s.file_no = i.file_no AND s.row_no = i.row_no"
        lost = "s.row_no IS NOT NULL"
    if load.unchanged:
        joins += " ANTI JOIN known AS k ON k.file_no = i.file_no AND k.row_no = i.row_no"
    pseudonyms(con, contract)
    referring = normalise.referring_ids(contract)
    columns = ", ".join(
        f"of_{name}.pseudonym AS {name}" if name in referring else f"i.{name}" for name in content
    )
    joins += "".join(
        f" LEFT JOIN alias AS of_{name} ON of_{name}.plain = i.{name}" for name in referring
    )
    write(
        con,
        settings,
        f"raw/{file}",
        f"SELECT n.row_id, {load.load_no}::INTEGER AS load_no, i.file_no, i.row_no,"
        f" CASE WHEN {lost} THEN 'superseded' WHEN i.reject_reason IS NOT NULL THEN 'rejected'"
        " WHEN i.is_void THEN 'void' ELSE 'current' END AS fate,"
        f" i.reject_reason, {columns}"
        f" FROM incoming AS i JOIN numbered AS n ON n.key = i.key{joins}",
    )
    load.raw_path = f"raw/{file}"


def _count_unchanged(con: duckdb.DuckDBPyConnection, files: Sequence[LandedFile]) -> None:
    counts = dict(con.execute("SELECT file_no, count(*) FROM known GROUP BY 1").fetchall())
    for file in files:
        file.unchanged = counts.get(file.file_no, 0)


def _count_fates(con: duckdb.DuckDBPyConnection, load: TableLoad) -> None:
    """Rejected and void rows as stored: a superseded row counts as nothing else."""
    stored = (
        "FROM incoming ANTI JOIN known USING (file_no, row_no)"
        " ANTI JOIN loser USING (file_no, row_no)"
    )
    load.rejected = count(con, f"SELECT count(*) {stored} WHERE reject_reason IS NOT NULL")
    load.void = count(con, f"SELECT count(*) {stored} WHERE reject_reason IS NULL AND is_void")


def _unknown_codes(con: duckdb.DuckDBPyConnection, contract: Contract) -> list[str]:
    """A notice for every column with codes that its value set does not have; no values."""
    checked = {name: c.values for name, c in contract.kept.items() if c.values}
    if not checked:
        return []
    tests = ", ".join(
        f"count(*) FILTER ({name} NOT IN ({', '.join(repr(v) for v in values)}))"
        for name, values in checked.items()
    )
    counts = con.execute(f"SELECT {tests} FROM incoming").fetchone() or ()
    return [
        f"{contract.table}.{name}: {found:,} rows with a code outside its value set"
        for name, found in zip(checked, counts, strict=True)
        if found
    ]
