"""What was landed, as tables: the schema `raw` of a DuckDB connection."""

import duckdb

from etl.settings import Settings
from etl.source.contracts import (
    IDENTITY_COLUMNS,
    SOURCE_FILE_COLUMNS,
    Contract,
    Contracts,
)
from etl.source.ledger import Ledger, TableLedger, read_ledger
from etl.source.store import read_sql


def open_raw(
    con: duckdb.DuckDBPyConnection,
    settings: Settings,
    contracts: Contracts,
    ledger: Ledger | None = None,
) -> None:
    """Make `raw.<TABLE>` for every contract, `raw.identity`, `raw.extract`, `raw.source_file`.

    A table that was never handed over is empty and has all its columns.
    """
    ledger = ledger or read_ledger(settings)
    con.execute("CREATE SCHEMA IF NOT EXISTS raw")
    for table, contract in contracts.items():
        select = table_sql(settings, contract, ledger.tables.get(table, TableLedger()))
        con.execute(f'CREATE OR REPLACE VIEW raw."{table}" AS {select}')
    con.execute(f"CREATE OR REPLACE VIEW raw.identity AS {_identity_sql(settings, ledger)}")
    stated = f"DATE '{settings.extract_on}'" if settings.extract_on else "CAST(NULL AS DATE)"
    con.execute(f"CREATE OR REPLACE VIEW raw.extract AS SELECT {stated} AS stated_on")
    _fill_source_file(con, ledger)


def table_sql(settings: Settings, contract: Contract, landed: TableLedger) -> str:
    """SELECT of all landed rows of a table, the versions of all loads."""
    columns = contract.raw_columns()
    loads = [load for load in landed.loads if load.raw_path]
    if not loads:
        return f"SELECT {_empty(columns)} WHERE false"
    outdated = [load.superseded_path for load in landed.loads if load.superseded_path]
    selects = []
    for load in loads:
        chosen = ", ".join(
            f'"{name}"' if name in load.columns else f'CAST(NULL AS {kind}) AS "{name}"'
            for name, kind in columns.items()
        )
        assert load.raw_path is not None
        selects.append(f"SELECT {chosen} FROM {read_sql(settings, [load.raw_path])}")
    everything = " UNION ALL ".join(selects)
    if not outdated:
        return everything
    chosen = ", ".join(
        "CASE WHEN o.row_no IS NULL THEN r.fate ELSE 'superseded' END AS fate"
        if name == "fate"
        else f'r."{name}"'
        for name in columns
    )
    return (
        f"SELECT {chosen} FROM ({everything}) AS r"
        f" LEFT JOIN {read_sql(settings, outdated)} AS o"
        " ON o.file_no = r.file_no AND o.row_no = r.row_no"
    )


def _identity_sql(settings: Settings, ledger: Ledger) -> str:
    if ledger.identity_path is None:
        return f"SELECT {_empty(IDENTITY_COLUMNS)} WHERE false"
    return f"SELECT * FROM {read_sql(settings, [ledger.identity_path])}"


def _fill_source_file(con: duckdb.DuckDBPyConnection, ledger: Ledger) -> None:
    columns = ", ".join(f'"{name}" {kind}' for name, kind in SOURCE_FILE_COLUMNS.items())
    con.execute(f"CREATE OR REPLACE TABLE raw.source_file ({columns})")
    rows = [[getattr(file, name) for name in SOURCE_FILE_COLUMNS] for file in ledger.files]
    if rows:
        marks = ", ".join("?" for _ in SOURCE_FILE_COLUMNS)
        con.executemany(f"INSERT INTO raw.source_file VALUES ({marks})", rows)


def _empty(columns: dict[str, str]) -> str:
    return ", ".join(f'CAST(NULL AS {kind}) AS "{name}"' for name, kind in columns.items())
