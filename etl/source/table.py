"""One table of one load: its parts read, checked, numbered and written as Parquet."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path

import duckdb

from etl.errors import SourceError
from etl.settings import Settings
from etl.source import normalise, rejects, versions
from etl.source.contracts import Contract, Contracts, Type
from etl.source.database import Part
from etl.source.ledger import LandedFile, Ledger, TableLedger, TableLoad
from etl.source.own_words import link_of
from etl.source.pseudonym import hmac_sql
from etl.source.reading import read_part
from etl.source.store import write
from etl.source.versions import count

_SCRATCH_TABLES = ("handed", "seen", "numbered", "known", "loser", "rival", "old")


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
    has_text = any(column.type is Type.FREE_TEXT for column in contract.kept.values())
    _create_incoming(con, contract, kept)
    for part, file in zip(parts, files, strict=True):
        select = _select(contract, contracts, part, kept, file.file_no)
        # Scrubbing joins, and a join may change the order: such rows are numbered beforehand.
        read_part(con, part, scratch, partial(_run, con, select), numbered=has_text)
        file.row_count = count(con, f"SELECT count(*) FROM handed WHERE file_no = {file.file_no}")
        _check_count(part, file)
    _open_incoming(con, files, kept)
    load = TableLoad(load_no=ledger.loads, rows=sum(file.row_count for file in files))
    load.columns = list(contract.raw_columns())
    load.rejected = rejects.check_limit(con, contract, load.rows)
    if contract.watermark:
        _date_the_undated(con, load)
    landed = ledger.tables.setdefault(table, TableLedger())
    load.new = versions.number_keys(con, settings, landed)
    found = versions.compare(con, settings, contract, landed, load.load_no, list(kept))
    load.unchanged, load.superseded, load.outdated = (
        found.unchanged,
        found.superseded,
        found.outdated,
    )
    _write(con, settings, contract, load, list(kept))
    _count_fates(con, load)
    _count_unchanged(con, files)
    rejects.keep_faults(con, table, load.load_no)
    notices = _unknown_codes(con, contract)
    landed.next_row_id += load.new
    landed.loads.append(load)
    con.execute("DROP VIEW incoming")
    for name in _SCRATCH_TABLES:
        con.execute(f"DROP TABLE IF EXISTS {name}")
    return load, notices


def _run(con: duckdb.DuckDBPyConnection, select: str, item: str) -> None:
    con.execute(select.replace("{item}", item))


def _create_incoming(
    con: duckdb.DuckDBPyConnection, contract: Contract, kept: dict[str, str]
) -> None:
    columns = ", ".join(f"{name} VARCHAR" for name in kept)
    con.execute(
        "CREATE OR REPLACE TEMP TABLE handed (file_no INTEGER, given_no BIGINT, key UUID,"
        " key_text VARCHAR, reject_reason VARCHAR, faults VARCHAR, is_void BOOLEAN,"
        f" is_draft BOOLEAN, version_no DOUBLE, version_at TIMESTAMP, {columns})"
    )


def _open_incoming(
    con: duckdb.DuckDBPyConnection, files: Sequence[LandedFile], kept: dict[str, str]
) -> None:
    """Show what was handed over as `incoming`, every record with its number in its file.

    DuckDB keeps the order of what it inserts: a row's place in the table is the record's place,
    the files one after the other.
    """
    first, places = 1, []
    for file in files:
        places.append(f"WHEN {file.file_no} THEN rowid + 1 - {first - 1}")
        first += file.row_count
    columns = ", ".join(kept)
    con.execute(
        "CREATE OR REPLACE TEMP VIEW incoming AS SELECT file_no,"
        f" coalesce(given_no, CASE file_no {' '.join(places)} END) AS row_no, key, key_text,"
        " reject_reason, faults, is_void, is_draft, version_no, version_at,"
        f" {columns} FROM handed"
    )


def _select(
    contract: Contract, contracts: Contracts, part: Part, kept: dict[str, str], file_no: int
) -> str:
    """The INSERT for one part; `{item}` stands for what the part gives to read from."""
    layer = normalise.normal_sql(contract, part.columns, "{item}", thorough=part.needs_cleaning)
    layer = normalise.checked_sql(contract, layer)
    key_parts = ", ".join(contract.key)
    has_key = " AND ".join(
        f"{name} IS NOT NULL" + (f" AND NOT bad_{name}" if f"bad_{name}" in layer else "")
        for name in contract.key
    )
    columns = ", ".join(f"{expression} AS {name}" for name, expression in kept.items())
    layer = (
        f"SELECT row_no, {normalise.faults_sql(contract)} AS faults,"
        f" CASE WHEN {has_key} THEN concat_ws(chr(31), {key_parts}) END AS key_text,"
        f" {columns} FROM ({_with_own_words(contract, contracts, layer)})"
    )
    return (
        f"INSERT INTO handed SELECT {file_no}, row_no, {_key_sql(contract, kept)}, key_text,"
        f" {rejects.reason_sql('faults')}, faults, {versions.void_sql(contract)},"
        f" {versions.draft_sql(contract)}, {versions.version_sql(contract)},"
        f" {versions.watermark_sql(contract)}, {', '.join(kept)} FROM ({layer})"
    )


def _with_own_words(contract: Contract, contracts: Contracts, layer: str) -> str:
    """The layer with the words of the row's person beside it, where there is text to scrub."""
    if all(column.type is not Type.FREE_TEXT for column in contract.kept.values()):
        return layer
    link = link_of(contract, contracts)
    if link is None:
        empty = ", ".join(
            f"CAST(NULL AS VARCHAR[]) AS {name}"
            for name in ("own_names", "own_phones", "own_addresses")
        )
        return f"SELECT *, {empty} FROM ({layer})"
    return (
        "SELECT l.*, w.own_names, w.own_phones, w.own_addresses"
        f" FROM ({layer}) AS l"
        f" LEFT JOIN whose ON whose.link = '{link}'"
        f" AND whose.id_hmac = {hmac_sql(f'l.{link}')}"
        " LEFT JOIN own_words AS w ON w.root_empi = whose.root_empi"
    )


def _key_sql(contract: Contract, kept: dict[str, str]) -> str:
    """The registry key of a row: of its natural key, or of its content where that is missing."""
    names = contract.key
    if len(names) == 1 and contract.kept[names[0]].type is Type.ID:
        key = names[0]
    else:
        key = f"md5(concat_ws(chr(31), {', '.join(names)}))"
    content = ", ".join(f"coalesce({name}, chr(30))" for name in [*kept, "faults"])
    return (
        f"CAST(CASE WHEN key_text IS NOT NULL THEN {key}"
        f" ELSE md5(concat_ws(chr(31), 'no key', {content})) END AS UUID)"
    )


def _date_the_undated(con: duckdb.DuckDBPyConnection, load: TableLoad) -> None:
    """A row without a watermark of its own is as new as the newest of its load."""
    row = con.execute("SELECT max(version_at) FROM incoming").fetchone()
    load.newest = row[0] if row else None
    if load.newest:
        con.execute("UPDATE handed SET version_at = ? WHERE version_at IS NULL", [load.newest])


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
    columns = ", ".join(f"i.{name}" for name in content)
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


def _check_count(part: Part, file: LandedFile) -> None:
    if part.records is not None and part.records != file.row_count:
        raise SourceError(
            f"{part.name} ({part.table}): {file.row_count:,} of {part.records:,} records could be"
            " read: its quotes or line ends are irregular"
        )


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
