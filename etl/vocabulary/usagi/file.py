"""The file that Usagi saves: one line per source code and concept, with what reviewers decided."""

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from etl.errors import ContractError, NotFoundError

NEEDED = ("sourceCode", "sourceName", "mappingStatus", "statusSetBy", "conceptId", "conceptName")
AGAIN = "save it from Usagi again"


@dataclass(frozen=True)
class UsagiLine:
    """One line of Usagi's file and where it stands."""

    where: str
    values: Mapping[str, str]

    def __getitem__(self, column: str) -> str:
        return (self.values.get(column) or "").strip()

    def wrong(self, column: str, what: str) -> ContractError:
        """An error that names this line's place."""
        return ContractError(f"{self.where} column {column}: {what}")


def approved_lines(path: Path) -> Iterator[UsagiLine]:
    """The lines of a Usagi file that say APPROVED.

    NotFoundError where there is no readable file, ContractError on what is no Usagi file, and on a
    line that is cut off or too long: it could hide an approved one.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise NotFoundError(f"{path}: {error.strerror}: name Usagi's file") from None
    except UnicodeDecodeError:
        raise ContractError(f"{path.name}: is not UTF-8: {AGAIN}") from None
    reader = csv.reader(io.StringIO(text, newline=""))
    try:
        header = next(reader, [])
        missing = [column for column in NEEDED if column not in header]
        if missing:
            raise ContractError(f"{path.name}: has no column {missing[0]}: {AGAIN}")
        for fields in reader:
            where = f"{path.name} line {reader.line_num}"
            if fields and len(fields) != len(header):
                raise ContractError(
                    f"{where}: has {len(fields)} fields, not {len(header)}: {AGAIN}"
                )
            line = UsagiLine(where, dict(zip(header, fields, strict=False)))
            if line["mappingStatus"].upper() == "APPROVED":
                yield line
    except csv.Error as error:
        raise ContractError(f"{path.name} line {reader.line_num}: {error}: {AGAIN}") from None
