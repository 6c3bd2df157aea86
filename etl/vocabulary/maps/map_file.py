"""The map files: `mappings/concepts/<topic>.csv`, read line by line and checked on their own.

The file's name is the source vocabulary. A line is a person's decision: `approved`, `draft`, or
`no_match` (looked at, and no concept fits).
"""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import duckdb

from etl.errors import ContractError
from etl.vocabulary.local import FIRST
from etl.vocabulary.tables import header, shown

HEADER = [
    "source_code",
    "source_name",
    "target_vocabulary_id",
    "target_concept_code",
    "target_concept_id",
    "target_concept_name",
    "status",
    "mapped_by",
    "reviewed_by",
    "reviewed_on",
    "note",
]
STATUSES = ("approved", "draft", "no_match")
STAND_IN = "until Athena"


@dataclass(frozen=True)
class MapLine:
    """One line of a map, where it stands, and the code as the data spells it."""

    FIRST_LOCAL: ClassVar[int] = FIRST

    file: str
    line: int
    source_vocabulary_id: str
    code: str
    name: str
    vocabulary: str
    target_code: str
    concept_id: int
    concept_name: str
    status: str
    note: str

    def wrong(self, column: str, what: str) -> ContractError:
        """An error that names this line's place."""
        return ContractError(f"{self.file} line {self.line} column {column}: {what}")

    @property
    def is_local(self) -> bool:
        """Whether the target is one of our own concepts."""
        return self.concept_id >= self.FIRST_LOCAL

    @property
    def stands_in(self) -> bool:
        """Whether a full vocabulary's own map of this code is to be preferred to this line.

        So it is with local concepts, and where the note says "until Athena": the starter
        vocabulary lacks the concept, nobody has decided that none fits.
        """
        return self.is_local or STAND_IN in self.note

    @property
    def domain(self) -> str:
        """Where the event of a no_match line is kept: the word before its note's colon."""
        return self.note.partition(":")[0]


def read_maps(folder: Path, con: duckdb.DuckDBPyConnection) -> Iterator[MapLine]:
    """Read every map of the folder, codes normalised. Raises ContractError on a bad line."""
    for path in sorted(folder.glob("*.csv")):
        if header(path) != HEADER:
            raise ContractError(f"{shown(path)}: wrong header: use {','.join(HEADER)}")
        numbered = []
        with path.open(encoding="utf-8", newline="") as text:
            reader = csv.DictReader(text)
            for raw in reader:
                if None in raw or None in raw.values():
                    raise ContractError(
                        f"{shown(path)} line {reader.line_num}: needs {len(HEADER)} fields"
                    )
                numbered.append((reader.line_num, raw))
        codes = _normal(con, [raw["source_code"] for _, raw in numbered])
        for (number, raw), code in zip(numbered, codes, strict=True):
            yield _map_line(path, number, raw, code)


def _map_line(path: Path, number: int, raw: dict[str, str], code: str | None) -> MapLine:
    concept_id = raw["target_concept_id"]
    line = MapLine(
        file=shown(path),
        line=number,
        source_vocabulary_id=path.stem,
        code=code or "",
        name=raw["source_name"],
        vocabulary=raw["target_vocabulary_id"],
        target_code=raw["target_concept_code"],
        concept_id=int(concept_id) if concept_id.isdecimal() else -1,
        concept_name=raw["target_concept_name"],
        status=raw["status"],
        note=raw["note"],
    )
    if not code:
        raise line.wrong("source_code", "is empty: give the code")
    if line.concept_id < 0:
        raise line.wrong("target_concept_id", f"{concept_id!r} is no number: give the concept id")
    if line.status not in STATUSES:
        raise line.wrong("status", f"{line.status!r}: use one of {', '.join(STATUSES)}")
    if line.status == "approved" and not (raw["reviewed_by"] and raw["reviewed_on"]):
        raise line.wrong("reviewed_by", "an approved line needs reviewed_by and reviewed_on")
    if (line.status == "no_match") != (line.concept_id == 0):
        raise line.wrong("status", "concept 0 and no_match go together: correct one")
    return line


def _normal(con: duckdb.DuckDBPyConnection, codes: list[str]) -> list[str | None]:
    """Spell codes as the data's are spelt, by the same macro."""
    row = con.execute("SELECT [normal_code(c) FOR c IN ?]", [codes]).fetchone()
    return list(row[0]) if row else []
