"""The hospital's paper: 18 sheets that are being filled, and the numbers it gives out."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

import numpy as np

from etl.synthetic import bank, calendar
from etl.synthetic.text_fact import TextFacts


class Sheet:
    """One table being filled: columns of values, and beside them whose row it is.

    `person` is not a column of the hospital; traps use it to spare patients whose truth
    must survive.
    """

    def __init__(self, columns: list[str]) -> None:
        self.columns: dict[str, list[str | None]] = {name: [] for name in columns}
        self.person: list[int] = []

    def add(self, person: int, **values: str | None) -> None:
        """Append one row; columns not named stay empty. An unknown column is an error."""
        known = 0
        for name, column in self.columns.items():
            if name in values:
                known += 1
                column.append(values[name])
            else:
                column.append(None)
        if known != len(values):
            raise KeyError(sorted(set(values) - set(self.columns)))
        self.person.append(person)


@dataclass
class LabRequests:
    """Panels asked for, one entry each; `labs.expand` turns them into results."""

    report: list[str] = field(default_factory=list)
    person: list[int] = field(default_factory=list)
    sex: list[int] = field(default_factory=list)
    panel: list[str] = field(default_factory=list)
    adequate: list[bool] = field(default_factory=list)
    fixed: dict[tuple[int, str], str] = field(default_factory=dict)


class Hospital:
    """Everything written in one batch of patients, plus counters that outlive the batch."""

    def __init__(self) -> None:
        self._last: defaultdict[str, int] = defaultdict(int)
        self.start_batch()

    def start_batch(self) -> None:
        """Empty sheets; the counters go on."""
        self.sheets = {
            name: Sheet(columns) for name, columns in bank.schema().items() if name != "LIS_JG"
        }
        self.labs = LabRequests()
        self.text_facts = TextFacts()

    def serial(self, kind: str, width: int) -> str:
        """The next number of its kind, such as serial("YZ", 8) -> YZ00000001."""
        self._last[kind] += 1
        return f"{kind}{self._last[kind]:0{width}d}"

    def daily(self, kind: str, day: int, width: int = 4) -> str:
        """The next number of its kind and day, such as ZY202305060012."""
        return self.serial(kind + calendar.compact(day), width)

    def yearly(self, kind: str, day: int, width: int) -> str:
        """The next number of its kind and year, such as R20210123."""
        return self.serial(f"{kind}{calendar.year(day)}", width)


@dataclass
class Frame:
    """A finished table of one batch: object arrays of equal length, and each row's person."""

    columns: dict[str, np.ndarray]
    person: np.ndarray

    @property
    def height(self) -> int:
        """The number of rows."""
        return len(self.person)


def frame_of(sheet: Sheet) -> Frame:
    """The filled sheet as arrays."""
    columns = {}
    for name, values in sheet.columns.items():
        array = np.empty(len(values), dtype=object)
        array[:] = values
        columns[name] = array
    return Frame(columns, np.array(sheet.person, dtype=np.int64))
