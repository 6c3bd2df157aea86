"""Row ids and versions: which rows of a load are new, the same, newer or outdated.

Works on the temporary table `incoming` (one row per record handed over) of a connection.
"""

from dataclasses import dataclass

import duckdb

from etl.settings import Settings
from etl.source.contracts import Contract, Type
from etl.source.ledger import TableLedger
from etl.source.raw import table_sql
from etl.source.store import read_sql


@dataclass(frozen=True)
class Versions:
    """How many rows of a load are known as they are, replaced within it, or replace older ones."""

    unchanged: int
    superseded: int
    outdated: int


def number_keys(
    con: duckdb.DuckDBPyConnection, settings: Settings, contract: Contract, landed: TableLedger
) -> int:
    """Fill `numbered` (key, row_id, is_new): old keys keep their id, new ones follow in order.

    The order is that of the plain natural key; rows without one come last, by content. `seen`
    (key, copies) has at least the keys of several incoming rows. Gives the number of new ids.
    """
    paths = [load.keys_path for load in landed.loads if load.keys_path]
    if not paths and has_plain_key(contract):
        return _number_all(con, landed)
    con.execute(
        "CREATE TEMP TABLE seen AS"
        " SELECT key, min(key_text) AS key_text, count(*) AS copies FROM incoming GROUP BY key"
    )
    con.execute("CREATE TEMP TABLE numbered (key UUID, row_id BIGINT, is_new BOOLEAN)")
    if paths:
        con.execute(
            "INSERT INTO numbered SELECT key, row_id, false"
            f" FROM {read_sql(settings, paths)} WHERE key IN (SELECT key FROM seen)"
        )
    con.execute(
        "INSERT INTO numbered"
        f" SELECT key, {landed.next_row_id - 1}"
        " + row_number() OVER (ORDER BY key_text NULLS LAST, key), true"
        " FROM seen ANTI JOIN numbered USING (key)"
    )
    return count(con, "SELECT count(*) FROM numbered WHERE is_new")


def has_plain_key(contract: Contract) -> bool:
    """Whether the key is one id: then equal keys have equal texts, and no others have."""
    types = [contract.read[name].type for name in contract.key]
    return len(types) == 1 and types[0] in (Type.ID, Type.SERIAL)


def _number_all(con: duckdb.DuckDBPyConnection, landed: TableLedger) -> int:
    """Fill `numbered` and `seen` where no key is on record: without grouping, half the time."""
    con.execute(
        f"CREATE TEMP TABLE numbered AS SELECT key, {landed.next_row_id - 1}"
        " + dense_rank() OVER (ORDER BY key_text NULLS LAST, key) AS row_id, true AS is_new"
        " FROM incoming"
    )
    rows = count(con, "SELECT count(*) FROM numbered")
    new = count(con, "SELECT coalesce(max(row_id), 0) FROM numbered") - landed.next_row_id + 1
    new = max(new, 0)
    con.execute(
        "CREATE TEMP TABLE seen AS SELECT key, count(*) AS copies FROM numbered"
        f" WHERE {'true' if new < rows else 'false'} GROUP BY key HAVING count(*) > 1"
    )
    if new < rows:
        con.execute("CREATE OR REPLACE TEMP TABLE numbered AS SELECT DISTINCT * FROM numbered")
    return new


def compare(
    con: duckdb.DuckDBPyConnection,
    settings: Settings,
    contract: Contract,
    landed: TableLedger,
    load_no: int,
    content: dict[str, str],
) -> Versions:
    """Fill `known` and `loser` (file_no, row_no), both mostly empty.

    `known`: incoming rows equal to the current version, not stored again. `loser`: rows, incoming
    or of earlier loads, that a newer version replaces. Newer is: finished rather than a draft,
    then the version number, the watermark, the load, withdrawn rather than not, and last the
    content, so that no order of rows or files matters. `content`: the stored columns and what each
    is made of, over `incoming AS i`.
    """
    con.execute("CREATE TEMP TABLE known (file_no INTEGER, row_no BIGINT)")
    con.execute("CREATE TEMP TABLE loser (file_no INTEGER, row_no BIGINT, load_no INTEGER)")
    has_copies = count(con, "SELECT count(*) FROM seen WHERE copies > 1") > 0
    has_old = count(con, "SELECT count(*) FROM numbered WHERE NOT is_new") > 0
    if not (has_copies or has_old):
        return Versions(0, 0, 0)
    columns = ["reject_reason", *content]
    con.execute(
        "CREATE TEMP TABLE rival AS"
        f" SELECT n.row_id, {load_no} AS load_no, i.file_no, i.row_no, i.is_draft, i.version_no,"
        " i.version_at, i.is_void, i.reject_reason"
        f"{''.join(f', {value} AS {name}' for name, value in content.items())}"
        " FROM incoming AS i JOIN numbered AS n USING (key)"
        " WHERE NOT n.is_new OR key IN (SELECT key FROM seen WHERE copies > 1)"
    )
    if has_old:
        old = f"({table_sql(settings, contract, landed)})"
        con.execute(
            "CREATE TEMP TABLE old AS SELECT row_id, load_no, file_no, row_no,"
            f" {draft_sql(contract)} AS is_draft, {version_sql(contract)} AS version_no,"
            f" {_watermark_sql(contract, landed)} AS version_at, {void_sql(contract)} AS is_void,"
            f" {', '.join(columns)} FROM {old}"
            " WHERE fate <> 'superseded' AND row_id IN (SELECT row_id FROM rival)"
        )
        same = " AND ".join(f"o.{name} IS NOT DISTINCT FROM r.{name}" for name in columns)
        con.execute(
            "INSERT INTO known SELECT r.file_no, r.row_no FROM rival AS r"
            f" JOIN old AS o ON o.row_id = r.row_id AND {same}"
        )
        con.execute(
            "DELETE FROM rival USING known WHERE rival.file_no = known.file_no"
            " AND rival.row_no = known.row_no"
        )
        con.execute(
            "INSERT INTO rival SELECT * FROM old WHERE row_id IN (SELECT row_id FROM rival)"
        )
    digest = (
        "md5(concat_ws(chr(31), "
        + ", ".join(f"coalesce({name}, chr(30))" for name in columns)
        + "))"
    )
    con.execute(
        "INSERT INTO loser SELECT file_no, row_no, load_no FROM ("
        "SELECT file_no, row_no, load_no, row_number() OVER (PARTITION BY row_id ORDER BY"
        " is_draft, version_no DESC NULLS LAST, version_at DESC NULLS LAST, load_no DESC,"
        f" is_void DESC, {digest} DESC, file_no, row_no) AS place FROM rival) WHERE place > 1"
    )
    return Versions(
        count(con, "SELECT count(*) FROM known"),
        count(con, f"SELECT count(*) FROM loser WHERE load_no = {load_no}"),
        count(con, f"SELECT count(*) FROM loser WHERE load_no <> {load_no}"),
    )


def void_sql(contract: Contract) -> str:
    """Whether a row was withdrawn, or is a draft."""
    return _any_of({**contract.void}, contract.draft)


def draft_sql(contract: Contract) -> str:
    """Whether a row is a draft."""
    return _any_of(contract.draft)


def version_sql(contract: Contract) -> str:
    """A row's version number, NULL where the contract has none."""
    return f"source_number({contract.version})" if contract.version else "CAST(NULL AS DOUBLE)"


def watermark_sql(contract: Contract) -> str:
    """How new a row says it is, NULL where the contract has no watermark."""
    if contract.watermark:
        return f"source_timestamp({contract.watermark})"
    return "CAST(NULL AS TIMESTAMP)"


def _watermark_sql(contract: Contract, landed: TableLedger) -> str:
    """The same for stored rows: without a date of its own a row is as new as its load's newest."""
    newest = " ".join(
        f"WHEN {load.load_no} THEN TIMESTAMP '{load.newest}'"
        for load in landed.loads
        if load.newest
    )
    fallback = f"CASE load_no {newest} END" if newest else "NULL"
    return f"coalesce({watermark_sql(contract)}, {fallback})"


def _any_of(*rules: dict[str, tuple[str, ...]]) -> str:
    # No IN: of a long list DuckDB makes a join, and a join changes the order of a file's records.
    tests = [
        f"coalesce({' OR '.join(f'{name} = {_quoted(value)}' for value in values)}, false)"
        for rule in rules
        for name, values in rule.items()
        if values
    ]
    return f"({' OR '.join(tests)})" if tests else "false"


def _quoted(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"


def count(con: duckdb.DuckDBPyConnection, sql: str) -> int:
    """The one number that a query gives."""
    row = con.execute(sql).fetchone()
    return int(row[0]) if row else 0
