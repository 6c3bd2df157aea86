"""The ETL specification by example: small tables in, small tables out, on DuckDB in memory.

`given("raw.JZ_JZJL", table)` fills an input; columns not named are NULL (raw rows are current, with
row ids counting from 1). `expect("cdm.person", table)` runs the steps that the table needs and
compares the columns named, in any order of rows. Cells are split by `|`; `-` is NULL.
"""

from collections.abc import Callable, Iterator
from pathlib import Path

import duckdb
import pytest

from etl.engine.duckdb import select_of
from etl.engine.given import given_tables
from etl.engine.plan import SQL, Step, needed, ordered, read_steps
from etl.notes.function import add_note_facts
from etl.settings import PROJECT
from etl.source.contracts import load_contracts
from etl.vocabulary import starter
from etl.vocabulary.maps import code_map, codelist

CONTRACTS = load_contracts(PROJECT / "mappings" / "sources")
GIVEN = given_tables(CONTRACTS)
STEPS = ordered(read_steps(), GIVEN)

Table = Callable[[str, str], None]


def rows_of(text: str) -> tuple[list[str], list[list[str | None]]]:
    """Header and cells of a table written with `|`."""
    lines = [line.strip() for line in text.strip().splitlines() if line.strip()]
    split = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    header, *body = split
    for cells in body:
        assert len(cells) == len(header), f"{len(cells)} cells under {len(header)} columns: {cells}"
    return header, [[None if cell == "-" else cell for cell in cells] for cells in body]


@pytest.fixture(scope="session")
def vocabulary(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The starter vocabulary and the curated maps, built once."""
    lake = tmp_path_factory.mktemp("lake")
    con = duckdb.connect()
    con.execute((SQL / "functions.sql").read_text(encoding="utf-8"))
    starter.write_starter(lake, PROJECT / "mappings", con)
    code_map.write_code_map(lake, PROJECT / "mappings", con)
    codelist.write_codelists(lake, PROJECT / "mappings", con)
    con.close()
    return lake


class Specification:
    """One test's tables, in one in-memory database."""

    def __init__(self, vocabulary: Path) -> None:
        self.con = duckdb.connect(config={"threads": 1})
        self.con.execute((SQL / "functions.sql").read_text(encoding="utf-8"))
        add_note_facts(self.con)
        self.filled: set[str] = set()
        for table, columns in GIVEN.items():
            layer, name = table.split(".")
            self.con.execute(f"CREATE SCHEMA IF NOT EXISTS {layer}")
            path = vocabulary / layer / f"{name}.parquet"
            if path.exists():
                self.con.execute(f"CREATE VIEW {table} AS SELECT * FROM read_parquet('{path}')")
            else:
                listed = ", ".join(f'"{c}" {kind}' for c, kind in columns.items())
                self.con.execute(f"CREATE TABLE {table} ({listed})")

    def given(self, table: str, text: str) -> None:
        """Fill an input or stand in for a step's result."""
        header, rows = rows_of(text)
        columns = GIVEN.get(table) or self.columns_of(table)
        unknown = set(header) - set(columns)
        assert not unknown, f"{table} has no column {sorted(unknown)[0]}"
        layer = table.split(".")[0]
        self.con.execute(f"CREATE SCHEMA IF NOT EXISTS {layer}")
        if table in GIVEN and table.startswith("vocabulary."):
            self.con.execute(f"DROP VIEW IF EXISTS {table}")
        listed = ", ".join(f'"{c}" {kind}' for c, kind in columns.items())
        if table not in self.filled:
            self.con.execute(f"CREATE OR REPLACE TABLE {table} ({listed})")
        self.filled.add(table)
        for number, cells in enumerate(rows, 1):
            row = dict(zip(header, cells, strict=True))
            if table.startswith("raw.") and "fate" in columns:
                row.setdefault("row_id", str(number))
                row.setdefault("fate", "current")
            names = ", ".join(f'"{name}"' for name in row)
            marks = ", ".join(f"CAST(? AS {columns[name]})" for name in row)
            self.con.execute(f"INSERT INTO {table} ({names}) VALUES ({marks})", list(row.values()))

    def columns_of(self, table: str) -> dict[str, str]:
        """Columns and types of a step's result, from its empty inputs."""
        self.run(table)
        described = self.con.execute(f"DESCRIBE {table}").fetchall()
        return {row[0]: row[1] for row in described}

    def run(self, table: str) -> None:
        """Run what `table` needs and has not been given."""
        for step in self.steps_for(table):
            self.con.execute(f"CREATE SCHEMA IF NOT EXISTS {step.layer}")
            self.con.execute(f"CREATE OR REPLACE TABLE {step.table} AS {select_of(self.con, step)}")

    def steps_for(self, table: str) -> list[Step]:
        """The steps to run, in order: given tables cut off what lies behind them."""
        cut = [s for s in self.steps if s.table not in self.filled]
        return needed(cut, table)

    @property
    def steps(self) -> list[Step]:
        """All steps; a chapter of the specification may add a layer."""
        return STEPS

    def expect(self, table: str, text: str) -> None:
        """Compare the named columns of a step's result with the rows given, in any order."""
        header, rows = rows_of(text)
        self.run(table)
        listed = ", ".join(f'CAST("{name}" AS VARCHAR)' for name in header)
        found = self.con.execute(f"SELECT {listed} FROM {table}").fetchall()
        wanted = sorted(tuple(cell or "-" for cell in cells) for cells in rows)
        got = sorted(tuple("-" if cell is None else cell for cell in row) for row in found)
        assert got == wanted


@pytest.fixture
def specification(vocabulary: Path) -> Iterator[Specification]:
    """A database of one test's own."""
    opened = Specification(vocabulary)
    yield opened
    opened.con.close()


@pytest.fixture
def given(specification: Specification) -> Table:
    """Fill a table."""
    return specification.given


@pytest.fixture
def expect(specification: Specification) -> Table:
    """Run and compare a table."""
    return specification.expect
