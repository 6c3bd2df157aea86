"""A hospital of a few rows, written as files the way tests need them."""

import csv
import gzip
import io
import json
from pathlib import Path
from typing import Any

import duckdb

from etl.engine.duckdb import connect
from etl.settings import PROJECT, Settings
from etl.source.contracts import Contracts, load_contracts
from etl.source.landing import Landed, land, open_raw

CONTRACTS = load_contracts(PROJECT / "mappings" / "sources")

PERSON = {
    "EMPI_ID": "E1", "HZID": "0000000001", "BAH": "B1", "XM": "张三丰", "XBDM": "1",
    "CSRQ": "1975-03-12", "LXDH": "13800001111", "XZZ": "四川省未名市东区新华路1号",
    "HBZT": "0", "GXSJ": "2024-06-30 10:00:00",
}  # fmt: skip
VISIT = {
    "JZLSH": "V1", "EMPI_ID": "E1", "HZID": "0000000001", "JZLX": "3",
    "RYSJ": "2024-05-06 09:05:00", "CYSJ": "2024-05-09 10:30:00", "ZFBZ": "0",
}  # fmt: skip
RESULT = {"JGLSH": "R1", "BGDH": "L1", "ZBDM": "WBC", "ZBMC": "白细胞", "JG": "4.6"}
NOTE = {"WSID": "W1", "JZLSH": "V1", "JLSJ": "2024-05-09", "WSNR": "平稳", "WSZT": "2", "BBH": "1"}

Row = dict[str, str]


def header(table: str) -> list[str]:
    """All columns that a table may have."""
    contract = CONTRACTS[table]
    return [*contract.read, *contract.ignored]


def as_csv(table: str, rows: list[Row], line_end: str = "\n") -> str:
    """A table as CSV text with every column of its contract."""
    text = io.StringIO()
    writer = csv.DictWriter(text, header(table), restval="", lineterminator=line_end)
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


class SmallHospital:
    """A folder with one person and one visit, to which a test adds, and the home it lands in."""

    def __init__(self, place: Path, generated: bool = True) -> None:
        self.folder = place / "hospital"
        self.folder.mkdir()
        self.settings = Settings(home=place / "home", threads=2)
        self.contracts: Contracts = CONTRACTS
        if generated:
            (self.folder / "GENERATED.json").write_text(json.dumps({"generator": "npc-omop"}))
        self.write("HZ_ZSY", [PERSON])
        self.write("JZ_JZJL", [VISIT])

    def write(
        self,
        table: str,
        rows: list[Row],
        name: str | None = None,
        encoding: str = "utf-8",
        line_end: str = "\n",
    ) -> Path:
        """Write one file; a name that ends in .gz makes it gzip."""
        path = self.folder / (name or f"{table}.csv")
        return self.write_bytes(path.name, as_csv(table, rows, line_end).encode(encoding))

    def write_bytes(self, name: str, content: bytes) -> Path:
        """Write a file as it is, compressed where the name says so."""
        path = self.folder / name
        path.write_bytes(gzip.compress(content) if name.endswith(".gz") else content)
        return path

    def tolerate_bad_rows(self) -> None:
        """Lift the reject limit of every table."""
        self.contracts = {
            table: contract.model_copy(update={"reject_limit": 1.0})
            for table, contract in self.contracts.items()
        }

    def land(self) -> Landed:
        """Land the folder."""
        return land(self.folder, self.settings, self.contracts)

    def raw(self) -> duckdb.DuckDBPyConnection:
        """A connection with `raw` open."""
        con = connect(self.settings)
        open_raw(con, self.settings, self.contracts)
        return con

    def query(self, sql: str) -> list[tuple[Any, ...]]:
        """What a query on `raw` gives."""
        with self.raw() as con:
            return con.execute(sql).fetchall()

    def has_landed(self) -> bool:
        """Whether anything counts as landed."""
        return (self.settings.landing / "ledger.json").exists()
