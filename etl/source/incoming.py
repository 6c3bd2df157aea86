"""A table's parts as they come in: read, checked and pseudonymised into the scratch folder.

What follows works on the view `incoming`, one row per record. It lies on disk as Parquet, because
a large table held in DuckDB's memory leaves none to number and join it (measured: 10.4 M rows at
1 GB took twice as long).
"""

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from pathlib import Path

import duckdb

from etl.errors import SourceError
from etl.source import normalise, rejects, versions
from etl.source.contracts import Contract, Contracts, Type
from etl.source.database import Part
from etl.source.ledger import LandedFile
from etl.source.own_words import link_of
from etl.source.pseudonym import hmac_sql
from etl.source.reading import read_part
from etl.source.store import copy, literal_path


def read_parts(
    con: duckdb.DuckDBPyConnection,
    contract: Contract,
    contracts: Contracts,
    parts: Sequence[Part],
    files: Sequence[LandedFile],
    kept: dict[str, str],
    scratch: Path,
) -> list[Path]:
    """Write every part to a file of its own and count its rows; SourceError for a broken one."""
    has_text = any(column.type is Type.FREE_TEXT for column in contract.kept.values())
    paths = []
    for part, file in zip(parts, files, strict=True):
        path = scratch / f"{contract.table}_{file.file_no}.parquet"
        select = _select(contract, contracts, part, kept, file.file_no)
        # Scrubbing joins, and a join changes the order: such rows are numbered beforehand. The
        # others must have no join in their plan, hence no IN of five values or more.
        read_part(con, part, scratch, partial(_copy, con, file, path, select), numbered=has_text)
        _check_count(part, file)
        paths.append(path)
    return paths


def open_incoming(con: duckdb.DuckDBPyConnection, paths: Sequence[Path]) -> datetime | None:
    """Make the view `incoming`; give the newest watermark in it.

    A record's number is its place in its file. A row without a watermark of its own counts as the
    newest of its load.
    """
    files = f"read_parquet([{', '.join(map(literal_path, paths))}], file_row_number = true)"
    row = con.execute(f"SELECT max(version_at) FROM {files}").fetchone()
    newest: datetime | None = row[0] if row else None
    undated = f"coalesce(version_at, TIMESTAMP '{newest}')" if newest else "version_at"
    con.execute(
        "CREATE OR REPLACE TEMP VIEW incoming AS"
        " SELECT * EXCLUDE (file_row_number) REPLACE ("
        f"coalesce(row_no, file_row_number + 1) AS row_no, {undated} AS version_at) FROM {files}"
    )
    return newest


def pseudonyms(con: duckdb.DuckDBPyConnection, contract: Contract) -> None:
    """Fill `alias` (plain, pseudonym): every value of the referring ids of `incoming`, once."""
    plain = " UNION ".join(
        f"SELECT {name} AS plain FROM incoming WHERE {name} IS NOT NULL"
        for name in normalise.referring_ids(contract)
    )
    con.execute(
        f"CREATE TEMP TABLE alias AS SELECT plain, {hmac_sql('plain')} AS pseudonym"
        f" FROM (SELECT DISTINCT plain FROM ({plain or 'SELECT NULL AS plain LIMIT 0'}))"
    )


def _copy(
    con: duckdb.DuckDBPyConnection, file: LandedFile, path: Path, select: str, item: str
) -> None:
    file.row_count = copy(con, path, select.replace("{item}", item))


def _check_count(part: Part, file: LandedFile) -> None:
    if part.records is not None and part.records != file.row_count:
        raise SourceError(
            f"{part.name} ({part.table}): {file.row_count:,} of {part.records:,} records could be"
            " read: its quotes or line ends are irregular"
        )


def _select(
    contract: Contract, contracts: Contracts, part: Part, kept: dict[str, str], file_no: int
) -> str:
    """The SELECT for one part; `{item}` stands for what the part gives to read from."""
    layer = normalise.normal_sql(contract, part.columns, "{item}", thorough=part.needs_cleaning)
    layer = normalise.checked_sql(contract, layer)
    key_parts = ", ".join(contract.key)
    has_key = " AND ".join(
        f"{name} IS NOT NULL"
        + (f" AND NOT bad_{name}" if normalise.bad_sql(name, contract.read[name]) else "")
        for name in contract.key
    )
    columns = ", ".join(f"{expression} AS {name}" for name, expression in kept.items())
    layer = (
        f"SELECT row_no, {normalise.faults_sql(contract)} AS faults,"
        f" CASE WHEN {has_key} THEN concat_ws(chr(31), {key_parts}) END AS key_text,"
        f" {columns} FROM ({_with_own_words(contract, contracts, layer)})"
    )
    return (
        f"SELECT CAST({file_no} AS INTEGER) AS file_no, row_no,"
        f" {_key_sql(contract, kept)} AS key, key_text, faults,"
        f" {rejects.reason_sql('faults')} AS reject_reason,"
        f" {versions.void_sql(contract)} AS is_void, {versions.draft_sql(contract)} AS is_draft,"
        f" {versions.version_sql(contract)} AS version_no,"
        f" {versions.watermark_sql(contract)} AS version_at, {', '.join(kept)} FROM ({layer})"
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
    if len(names) == 1 and contract.read[names[0]].type is Type.SERIAL:
        # It leaves landing nowhere, so a plain keyed digest will do: a quarter of HMAC's cost.
        key = "md5(getvariable('row_secret') || key_text)"
    elif len(names) == 1 and contract.read[names[0]].type is Type.ID:
        key = names[0]
    else:
        key = f"md5(concat_ws(chr(31), {', '.join(names)}))"
    referring = normalise.referring_ids(contract)
    content = ", ".join(
        f"coalesce({hmac_sql(name) if name in referring else name}, chr(30))"
        for name in [*kept, "faults"]
    )
    return (
        f"CAST(CASE WHEN key_text IS NOT NULL THEN {key}"
        f" ELSE md5(concat_ws(chr(31), 'no key', {content})) END AS UUID)"
    )
