"""Eras as a reader would count them on a calendar, day by day: slow, and plain to see."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date, timedelta
from typing import Any

from etl.engine.duckdb import select_of

FIRST = date(2020, 1, 1)

Row = tuple[Any, ...]


def day(number: int) -> date:
    """The day that many days after the first of 2020."""
    return FIRST + timedelta(days=number)


def stretches(days: Iterable[int], longest_gap: int) -> list[tuple[int, int]]:
    """First and last day of each run of days that lie at most `longest_gap` apart."""
    found: list[tuple[int, int]] = []
    for number in sorted(set(days)):
        if found and number - found[-1][1] <= longest_gap:
            found[-1] = (found[-1][0], number)
        else:
            found.append((number, number))
    return found


def runner(specification: Any, table: str, inputs: Sequence[str]) -> Callable[..., list[Row]]:
    """A function that fills the input tables anew, runs the step and gives some of its columns."""
    for name in inputs:
        columns = specification.columns_of(name)
        specification.given(name, " | ".join(columns))
    [step] = [step for step in specification.steps if step.table == table]
    specification.con.execute(f"CREATE SCHEMA IF NOT EXISTS {step.layer}")

    def run(columns: str, **rows: Sequence[dict[str, Any]]) -> list[Row]:
        con = specification.con
        for name in inputs:
            con.execute(f"DELETE FROM {name}")
            for row in rows.get(name.split(".")[1], ()):
                marks = ", ".join("?" for _ in row)
                con.execute(
                    f"INSERT INTO {name} ({', '.join(row)}) VALUES ({marks})", list(row.values())
                )
        found: list[Row] = con.execute(f"SELECT {columns} FROM ({select_of(con, step)})").fetchall()
        return sorted(found)

    return run
