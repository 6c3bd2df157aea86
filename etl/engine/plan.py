"""The plan: which SQL file fills which table, what it reads, and the order that follows.

A step is one file, one SELECT, one table, and its path is its name. Nothing else is written down:
the tables that a step reads are parsed from its SQL, and the order is theirs.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from typing import TYPE_CHECKING

from etl.engine.tables_read import tables_read
from etl.errors import PlanError

if TYPE_CHECKING:
    from sqlglot import exp

SQL = Path(__file__).resolve().parent.parent / "sql"
LAYERS = ("stage", "note", "stem", "cdm")


@dataclass(frozen=True)
class Step:
    """One table of one layer and the SELECT that fills it."""

    layer: str
    name: str
    sql: str

    @property
    def table(self) -> str:
        """The table's full name, such as `cdm.person`."""
        return f"{self.layer}.{self.name}"

    @property
    def is_stored(self) -> bool:
        """Whether its rows are written; a comment `-- Not stored` makes a view of it.

        Good for a large table that one or two steps read: writing it costs more than its joins.
        """
        return re.search(r"^ *-- Not stored", self.sql, re.MULTILINE) is None

    @property
    def grain(self) -> str:
        """What a row of the table is: the comment at the head of the file, as one line."""
        lines = []
        for line in self.sql.splitlines():
            if not line.startswith("--"):
                break
            lines.append(line.removeprefix("--").strip())
        return " ".join(lines)

    @cached_property
    def query(self) -> "exp.Query":
        """The parsed SELECT; PlanError where the file holds anything else."""
        import sqlglot
        from sqlglot import exp
        from sqlglot.errors import ParseError

        try:
            statements = sqlglot.parse(self.sql, read="duckdb")
        except ParseError as error:
            raise PlanError(
                f"{self.table}: cannot be parsed: {str(error).splitlines()[0]}"
            ) from None
        if len(statements) != 1 or not isinstance(statements[0], exp.Query):
            raise PlanError(f"{self.table}: a step file holds exactly one SELECT")
        return statements[0]

    @cached_property
    def reads(self) -> tuple[str, ...]:
        """The tables that the SELECT reads, by full name, sorted."""
        found = tables_read(self.sql)
        if found is None:
            self.query  # noqa: B018 (says what is wrong with it)
            raise PlanError(f"{self.table}: DuckDB cannot parse it")
        nameless = sorted(name for layer, name in found if not layer)
        if nameless:
            raise PlanError(f"{self.table}: reads {nameless[0]}, which names no layer")
        return tuple(sorted(f"{layer}.{name}" for layer, name in found))


def read_steps(folder: Path = SQL, layers: Iterable[str] = LAYERS) -> list[Step]:
    """Read the step files of some layers, one `Step` a file, in order of name."""
    return [
        Step(layer, path.stem, path.read_text(encoding="utf-8"))
        for layer in layers
        for path in sorted((folder / layer).glob("*.sql"))
    ]


def ordered(steps: Iterable[Step], given: Iterable[str]) -> list[Step]:
    """Put steps behind what they read; `given` are the tables that no step fills.

    The order is total: among steps that could run next the layer and then the name decides.
    Raises PlanError on an unknown table and on a circle, by name.
    """
    by_table = {step.table: step for step in steps}
    known = {*by_table, *given}
    for step in by_table.values():
        unknown = [table for table in step.reads if table not in known]
        if unknown:
            raise PlanError(f"{step.table}: reads {unknown[0]}, which no step and no source fills")
    sorter = TopologicalSorter(
        {table: [r for r in step.reads if r in by_table] for table, step in by_table.items()}
    )
    try:
        sorter.prepare()
    except CycleError as error:
        raise PlanError(f"steps read each other in a circle: {' → '.join(error.args[1])}") from None
    rank = {table: place for place, table in enumerate(by_table)}
    result: list[Step] = []
    while sorter.is_active():
        ready = sorted(sorter.get_ready(), key=lambda table: rank[table])
        result += [by_table[table] for table in ready]
        sorter.done(*ready)
    return result


def needed(steps: Iterable[Step], target: str) -> list[Step]:
    """The ordered steps that `target` depends on, itself last."""
    ordered_steps = list(steps)
    by_table = {step.table: step for step in ordered_steps}
    if target not in by_table:
        raise PlanError(f"{target}: no step fills it; `npc-omop plan` lists those that exist")
    wanted, open_tables = set(), [target]
    while open_tables:
        table = open_tables.pop()
        if table in by_table and table not in wanted:
            wanted.add(table)
            open_tables += by_table[table].reads
    return [step for step in ordered_steps if step.table in wanted]
