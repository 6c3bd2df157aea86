"""What was planted in the free texts of a batch: the rows of `_truth/text_fact.csv`.

One row per fact that a text states, keyed by the row of the hospital's table. A column is empty
where the text does not tell it. `|` separates readings that are both right; `optional` is 1 where
a careful reader may leave the fact out.
"""

from __future__ import annotations

from collections.abc import Iterable

from etl.synthetic.told import Fact

IMAGING, PATHOLOGY, NOTE, FOLLOW_UP = "imaging", "pathology", "note", "follow_up"
COLUMNS = (
    "table",
    "key",
    "kind",
    "type",
    "value",
    "certainty",
    "site",
    "nature",
    "size_mm",
    "size_limit",
    "trend",
    "suv_max",
    "behaviour",
    "npc_metastasis",
    "result",
    "number",
    "grade",
    "immune",
    "dose_mg",
    "dose_gy",
    "fractions",
    "drugs",
    "cycles",
    "date",
    "edition",
    "cause",
    "elsewhere",
    "optional",
)
_KNOWN = frozenset(COLUMNS)
_DEFAULT = {"certainty": "definite"}


class TextFacts:
    """The facts of a batch, and where in its note the sentence of each stands."""

    def __init__(self) -> None:
        self.rows: list[Fact] = []
        self._places: dict[str, list[tuple[int, int, Fact]]] = {}
        self._known: set[frozenset[tuple[str, str]]] = set()

    def add(
        self,
        table: str,
        key: str,
        kind: str,
        facts: Iterable[Fact],
        place: tuple[int, int] | None = None,
    ) -> None:
        """Note what a text states, each fact once; an unknown column is an error."""
        for fact in facts:
            row = {"table": table, "key": key, "kind": kind, **_DEFAULT, **fact}
            if not row.keys() <= _KNOWN:
                raise KeyError(sorted(row.keys() - _KNOWN))
            told = frozenset(row.items())
            if told in self._known:
                continue
            self._known.add(told)
            self.rows.append(row)
            if place:
                self._places.setdefault(key, []).append((*place, row))

    def cut(self, key: str, length: int) -> None:
        """A note lost what stands behind its first characters; a sentence cut in two may tell."""
        for start, end, row in self._places.get(key, ()):
            if start >= length:
                row["type"] = ""
            elif end > length:
                row["optional"] = "1"
        self.rows = [row for row in self.rows if row["type"]]
