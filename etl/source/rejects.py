"""Bad rows: each fault on record with file, row, column and reason, never with the value."""

import duckdb

from etl.errors import SourceError
from etl.source.contracts import Contract
from etl.source.normalise import FAULT, FIELD
from etl.source.versions import count

# A table of a few dozen rows is not stopped by its first bad one.
ALWAYS_TOLERATED = 3


def reason_sql(faults: str) -> str:
    """A row's reasons in one text, such as `KZSJ: bad date; YZH: required value missing`."""
    parts = f"list_transform(string_split({faults}, {FAULT}), lambda f: string_split(f, {FIELD}))"
    return (
        f"CASE WHEN {faults} IS NOT NULL THEN array_to_string(list_transform({parts},"
        " lambda p: p[1] || ': ' || p[2]), '; ') END"
    )


def check_limit(con: duckdb.DuckDBPyConnection, contract: Contract, rows: int) -> int:
    """How many rows of `incoming` are bad; SourceError above the contract's limit."""
    bad = count(con, "SELECT count(*) FROM incoming WHERE reject_reason IS NOT NULL")
    if bad > ALWAYS_TOLERATED and bad > contract.reject_limit * rows:
        row = con.execute(
            "SELECT reject_reason, count(*) FROM incoming WHERE reject_reason IS NOT NULL"
            " GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT 1"
        ).fetchone()
        commonest = row[0] if row else ""
        raise SourceError(
            f"{contract.table}: {bad:,} of {rows:,} rows are bad ({bad / rows:.1%}, the limit is"
            f" {contract.reject_limit:.1%}), most often `{commonest}`: nothing was landed"
        )
    return bad


def create_fault_table(con: duckdb.DuckDBPyConnection) -> None:
    """An empty table for the faults of a load: one row per fault."""
    con.execute(
        "CREATE TABLE fault (load_no INTEGER, file_no INTEGER, row_no BIGINT,"
        ' "table" VARCHAR, "column" VARCHAR, reason VARCHAR, value_class VARCHAR)'
    )


def keep_faults(con: duckdb.DuckDBPyConnection, table: str, load_no: int) -> None:
    """Put the faults of `incoming` on record, except those of rows known already."""
    con.execute(
        "INSERT INTO fault SELECT ?, file_no, row_no, ?, f[1], f[2], f[3] FROM ("
        f"SELECT file_no, row_no, string_split(unnest(string_split(faults, {FAULT})), {FIELD}) AS f"
        " FROM incoming ANTI JOIN known USING (file_no, row_no) WHERE faults IS NOT NULL)",
        [load_no, table],
    )
