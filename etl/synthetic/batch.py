"""One batch of finished tables as the traps see it: choose rows, change, append, note."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np

from etl.synthetic import bank
from etl.synthetic.hospital import Frame
from etl.synthetic.text_fact import TextFacts
from etl.synthetic.truth import Truth

_STUDIED = ("cohort", "near_miss", "several")


@dataclass(frozen=True)
class Trap:
    """One kind of mess.

    `share` is the part of the rows concerned at mess 1; a fact of the domain is only noted
    (or reshaped) and stays at any mess.
    """

    number: int
    name: str
    share: float
    plant: Callable[[Batch, Trap], None]
    is_fact: bool = False


class Planted:
    """The list of all planted traps: number, name, table, key of the row."""

    columns = ("trap_no", "name", "table", "key")

    def __init__(self) -> None:
        self.rows: list[dict[str, str]] = []

    def add(self, number: int, name: str, table: str, key: str) -> None:
        """Note one planted trap."""
        self.rows.append({"trap_no": str(number), "name": name, "table": table, "key": key})


class Batch:
    """Tables of some patients, who must be spared, and the chance to draw from."""

    def __init__(
        self,
        frames: dict[str, Frame],
        known: list[Truth],
        mess: float,
        generator: np.random.Generator,
        planted: Planted,
        facts: TextFacts,
        *,
        is_first: bool,
    ) -> None:
        self.frames, self.known, self.mess = frames, known, mess
        self.generator, self.planted, self.is_first = generator, planted, is_first
        self.facts = facts
        self.studied = np.array(
            [int(item.patient["person_no"]) for item in known if item.patient["kind"] in _STUDIED]
        )

    def column(self, table: str, name: str) -> np.ndarray:
        """A column, to read or to change in place."""
        return self.frames[table].columns[name]

    def persons(self, **wanted: str | tuple[str, ...]) -> np.ndarray:
        """Numbers of the persons whose truth has these values, such as kind="cohort"."""
        chosen = []
        for item in self.known:
            checks = (
                item.patient.get(key, "") in (value if isinstance(value, tuple) else (value,))
                for key, value in wanted.items()
            )
            if all(checks):
                chosen.append(int(item.patient["person_no"]))
        return np.array(chosen, dtype=np.int64)

    def of(self, table: str, persons: np.ndarray) -> np.ndarray:
        """Mask: the rows of these persons."""
        return np.isin(self.frames[table].person, persons)

    def rows(
        self, table: str, trap: Trap, where: np.ndarray | None = None, *, spare: bool = False
    ) -> np.ndarray:
        """Row numbers drawn for a trap; `spare` leaves out those whose truth must survive.

        In the first batch at least one row is drawn wherever there is a candidate.
        """
        frame = self.frames[table]
        candidates = np.ones(frame.height, dtype=bool) if where is None else where.copy()
        if spare:
            candidates &= ~np.isin(frame.person, self.studied)
        places = np.flatnonzero(candidates)
        share = trap.share if trap.is_fact else trap.share * self.mess
        if not len(places) or share <= 0:
            return np.array([], dtype=np.int64)
        chosen = places[self.generator.random(len(places)) < share]
        if not len(chosen) and self.is_first:
            chosen = places[[int(self.generator.integers(len(places)))]]
        return chosen

    def note(self, trap: Trap, table: str, rows: np.ndarray) -> None:
        """Write the rows' keys into the list of planted traps."""
        columns = [self.column(table, name) for name in keys()[table]]
        for row in rows:
            key = "|".join(str(column[row]) for column in columns)
            self.planted.add(trap.number, trap.name, table, key)

    def change(self, trap: Trap, table: str, name: str, rows: np.ndarray, values: Any) -> None:
        """Set a column in these rows (one value, a list, or a function of the old one)."""
        self.note(trap, table, rows)
        column = self.column(table, name)
        if callable(values):
            for row in rows:
                column[row] = values(column[row])
        else:
            column[rows] = values

    def append(self, table: str, rows: np.ndarray, changes: Mapping[str, Any]) -> np.ndarray:
        """Copies of rows with some columns changed; returns the new row numbers."""
        frame = self.frames[table]
        first = frame.height
        for name, column in frame.columns.items():
            copy = column[rows].copy()
            if name in changes:
                new = changes[name]
                if callable(new):
                    copy[:] = [new(old) for old in copy]
                else:
                    copy[:] = new
            frame.columns[name] = np.concatenate([column, copy])
        frame.person = np.concatenate([frame.person, frame.person[rows]])
        return np.arange(first, frame.height)

    def drop(self, table: str, rows: np.ndarray) -> None:
        """Remove rows."""
        frame = self.frames[table]
        keep = np.ones(frame.height, dtype=bool)
        keep[rows] = False
        frame.columns = {name: column[keep] for name, column in frame.columns.items()}
        frame.person = frame.person[keep]

    def pick(self, values: list[Any], count: int) -> np.ndarray:
        """`count` draws with replacement."""
        pool = np.empty(len(values), dtype=object)
        pool[:] = values
        return pool[self.generator.integers(0, len(values), count)]


@cache
def keys() -> dict[str, list[str]]:
    """Each table's natural key."""
    return {row["table"]: row["key"].split("|") for row in bank.rows("keys")}


def starts(column: np.ndarray, *prefixes: str) -> np.ndarray:
    """Mask: the value starts with one of the prefixes."""
    return np.array([value is not None and value.startswith(prefixes) for value in column], bool)


def equals(column: np.ndarray, *values: str) -> np.ndarray:
    """Mask: the value is one of these."""
    return np.isin(column.astype(str), values)


def holds(column: np.ndarray, *words: str) -> np.ndarray:
    """Mask: the value contains one of the words."""
    return np.array(
        [value is not None and any(word in value for word in words) for value in column], bool
    )


def filled(column: np.ndarray) -> np.ndarray:
    """Mask: there is a value."""
    return np.array([value is not None for value in column], bool)
