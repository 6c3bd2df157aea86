"""A folder of files as a hospital hands it over: which file is which part of which table."""

import re
import stat
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from etl.engine.side_by_side import AT_ONCE
from etl.errors import SourceError
from etl.source.contracts import Contract, Contracts
from etl.source.database import Part
from etl.source.pseudonym import MARKER

_ENDINGS = (".csv", ".csv.gz", ".parquet")
# What a hospital might send instead; a file like this must not be passed over in silence.
_DATA = re.compile(
    r"\.(csv|tsv|txt|dat|gz|parquet|orc|avro|xls|xlsx|xlsb|dbf|mdb|zip|7z|rar|tar|tgz|bz2|xz|zst"
    r"|dmp|sql|json|jsonl|xml|db|sqlite)$",
    re.IGNORECASE,
)
_NOT_DATA = re.compile(r"^(readme|licen[cs]e|manifest|checksums?|md5sums?|sha256sums?)\b", re.I)
_PART = re.compile(r"^(?:[ _.\-]*(?:part)?[ _.\-]*\(?\d[\w .\-]*\)?|[ _.\-]*part[\w .\-]*)?$")


@dataclass
class Folder:
    """The reader of files: finds the parts, in natural order of table and name."""

    path: Path
    contracts: Contracts
    notices: list[str] = field(default_factory=list)
    _parts: list[Part] | None = None

    def parts(self) -> Sequence[Part]:
        """Every part of the folder, looked at once; SourceError for what cannot be taken."""
        if self._parts is None:
            self._parts = self._look_at_all()
        return self._parts

    def _look_at_all(self) -> list[Part]:
        from etl.source.csv_part import CsvPart
        from etl.source.parquet_part import ParquetPart

        def look_at(found: tuple[Path, str]) -> Part:
            path, table = found
            kind = ParquetPart if path.name.lower().endswith(".parquet") else CsvPart
            part = kind.look_at(path, table)
            check_columns(part, self.contracts[table])
            return part

        by_table = self._find()
        found = [(path, table) for table in self.contracts for path in by_table.get(table, [])]
        with ThreadPoolExecutor(AT_ONCE) as pool:
            # In order, so that of several broken files the first is told.
            looks = [pool.submit(look_at, one) for one in found]
            try:
                return [look.result() for look in looks]
            except BaseException:
                for look in looks:
                    look.cancel()
                raise

    def _find(self) -> dict[str, list[Path]]:
        found: dict[str, dict[tuple[int | str, ...], Path]] = {}
        for path in self._listed():
            table = self._table_of(path)
            if table is None:
                continue
            label = _part_label(path, table)
            other = found.setdefault(table, {}).setdefault(label, path)
            if other is not path:
                raise SourceError(
                    f"{other.name} and {path.name}: two files for one part of {table}: keep one"
                )
        for table, by_label in found.items():
            if () in by_label and len(by_label) > 1:
                other = next(path for label, path in by_label.items() if label)
                raise SourceError(
                    f"{by_label[()].name} and {other.name}: {table} comes whole and in parts:"
                    " keep one"
                )
        return {
            table: [by_label[label] for label in sorted(by_label, key=_natural)]
            for table, by_label in found.items()
        }

    def _listed(self) -> list[Path]:
        try:
            if not self.path.exists():
                raise SourceError(f"{self.path}: there is no such folder")
            if not self.path.is_dir():
                raise SourceError(f"{self.path}: is a file: name the folder that holds the tables")
            return sorted(self.path.iterdir())
        except OSError as error:
            raise SourceError(f"{self.path}: cannot be read: {error.strerror}") from None

    def _table_of(self, path: Path) -> str | None:
        """The table a file belongs to; None for what is no data; SourceError for a stranger."""
        name = path.name
        if name.startswith((".", "_", "~$")) or name == MARKER or _NOT_DATA.match(name):
            return None
        stem = name
        for ending in sorted(_ENDINGS, key=len, reverse=True):
            if name.lower().endswith(ending):
                stem = name[: -len(ending)]
        table = next((t for t in self.contracts if _belongs(stem, t)), None)
        try:
            mode = path.stat().st_mode
        except (OSError, RuntimeError):
            raise SourceError(f"{name}: a link that leads nowhere") from None
        if stat.S_ISDIR(mode):
            self.notices.append(f"{name}/: a folder, not read")
            return None
        if table is None or stem == name:
            if _DATA.search(name) or (table and stem != name):
                hint = (
                    "only .csv, .csv.gz and .parquet are read"
                    if stem == name
                    else ("no contract has such a table")
                )
                raise SourceError(f"{name}: {hint}: take it out of the folder, or rename it")
            self.notices.append(f"{name}: not read")
            return None
        if not stat.S_ISREG(mode):
            raise SourceError(f"{name}: is no regular file")
        return table


def _belongs(stem: str, table: str) -> bool:
    return stem.upper().startswith(table) and bool(_PART.match(stem[len(table) :].lower()))


def _part_label(path: Path, table: str) -> tuple[int | str, ...]:
    """What tells the parts of a table apart, numbers as numbers: `_0001` is `_1`."""
    rest = path.name[len(table) :].lower()
    for ending in sorted(_ENDINGS, key=len, reverse=True):
        rest = rest.removesuffix(ending)
    pieces = re.findall(r"\d+|[a-z]+", rest)
    return tuple(int(p) if p.isdigit() else p for p in pieces if p != "part")


def _natural(label: tuple[int | str, ...]) -> list[tuple[int, int, str]]:
    return [(0, p, "") if isinstance(p, int) else (1, 0, p) for p in label]


def check_columns(part: Part, contract: Contract) -> None:
    """SourceError, by name, for a column too many, too few or twice."""
    label = f"{part.name} ({part.table})"
    known, expected = contract.known, contract.expected
    if not set(part.columns) & known:
        raise SourceError(f"{label}: the first line names no column of {contract.table}")
    seen: set[str] = set()
    for name in part.columns:
        if name in seen:
            raise SourceError(f"{label}: column {name} is there twice")
        seen.add(name)
    for name in part.columns:
        if name not in known:
            raise SourceError(
                f"{label}: unknown column {name or '(without a name)'}: add it to the contract,"
                " or ignore it there with a reason"
            )
    for name in [*contract.read, *contract.ignored]:
        if name in expected and name not in seen:
            raise SourceError(f"{label}: column {name} is missing")
