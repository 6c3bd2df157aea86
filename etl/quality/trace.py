"""From a row of the CDM back to the hospital's file and record, identifiers masked."""

from pathlib import Path
from typing import Any

import duckdb

from etl.engine.duckdb import open_table, parquet
from etl.errors import NotFoundError
from etl.source.contracts import Contract, Contracts, Type
from etl.warehouse import spec


def trace(
    con: duckdb.DuckDBPyConnection, lake: Path, contracts: Contracts, table: str, row_id: int
) -> dict[str, Any]:
    """Give the CDM row, the stage row and the file and record that it came from.

    `raw` must be open. Raises NotFoundError on a table or id that is not there.
    """
    key = f"{table}_id"
    if table not in spec.CDM_TABLES or not parquet(lake, f"cdm.{table}").exists():
        raise NotFoundError(f"cdm.{table}: no such table in the last load")
    if key not in {column.name for column in spec.columns(table)}:
        raise NotFoundError(f"cdm.{table}: its rows have no id of their own to trace")
    open_table(con, lake, f"cdm.{table}")
    served = _one(con, f"SELECT * FROM cdm.{table} WHERE {key} = ?", row_id)
    if served is None:
        raise NotFoundError(f"cdm.{table}: no row has the id {row_id}")
    contract, source_row = origin(con, lake, contracts, table, row_id)
    open_table(con, lake, f"stage.{contract.stage}")
    staged = _one(con, f"SELECT * FROM stage.{contract.stage} WHERE row_id = ?", source_row)
    landed = con.execute(
        f"SELECT f.name, r.row_no, r.load_no, r.fate FROM raw.{contract.table} AS r"
        " JOIN raw.source_file AS f ON f.file_no = r.file_no WHERE r.row_id = ?"
        " ORDER BY r.load_no, r.row_no",
        [source_row],
    ).fetchall()
    return {
        "cdm": {"table": f"cdm.{table}", "row": masked(served, contract)},
        "stage": {
            "table": f"stage.{contract.stage}",
            "row": masked(staged, contract) if staged else None,
        },
        "source": [
            {"table": contract.table, "file": name, "record": record, "load": load, "fate": fate}
            for name, record, load, fate in landed
        ],
    }


def origin(
    con: duckdb.DuckDBPyConnection, lake: Path, contracts: Contracts, table: str, row_id: int
) -> tuple[Contract, int]:
    """The source table and row of a CDM id (DESIGN: event ids are arithmetic)."""
    by_number = {contract.source_no: contract for contract in contracts.values()}
    if table == "person":
        open_table(con, lake, "stage.person")
        found = con.execute("SELECT row_id FROM stage.person WHERE person_id = ?", [row_id])
        (source_row,) = found.fetchone() or (0,)
        return by_number[1], source_row
    contract = by_number.get(row_id // 1000 % 100)
    if contract is None or row_id < 100_000:
        raise NotFoundError(f"cdm.{table}: the id {row_id} stands for no single hospital row")
    return contract, row_id // 100_000


def masked(row: dict[str, Any], contract: Contract) -> dict[str, Any]:
    """A row without NULLs, its hashes cut short and its free text replaced by its length."""
    free = [name for name, column in contract.kept.items() if column.type is Type.FREE_TEXT]
    shown = {}
    for name, value in row.items():
        if value is None:
            continue
        if name.endswith("_key"):
            value = f"{value[:6]}…"
        elif isinstance(value, str) and (len(value) > 60 or (free and name.endswith("_text"))):
            value = f"({len(value)} characters)"
        shown[name] = value
    return shown


def _one(con: duckdb.DuckDBPyConnection, sql: str, row_id: int) -> dict[str, Any] | None:
    found = con.execute(sql, [row_id])
    names = [column[0] for column in found.description or []]
    row = found.fetchone()
    return dict(zip(names, row, strict=True)) if row else None
