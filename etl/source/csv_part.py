"""One CSV file, read strictly: a broken record stops the load and is named by its line."""

import csv
import os
import re
from dataclasses import dataclass
from pathlib import Path

import duckdb

from etl.errors import SourceError
from etl.source import encoding
from etl.source.csv_records import LONGEST_RECORD, count_records, rewrite
from etl.source.encoding import Scan
from etl.source.store import literal_path, row_no_sql

_OTHER_DELIMITERS = {";": "semicolons", "\t": "tabs", "|": "bars", "，": "full-width commas"}


@dataclass(frozen=True)
class CsvPart:
    """A CSV file, plain or gzip, in UTF-8 or GB18030."""

    path: Path
    table: str
    scan: Scan
    columns: tuple[str, ...]
    stamp: tuple[int, int]
    records: int | None

    @classmethod
    def look_at(cls, path: Path, table: str) -> "CsvPart":
        """Scan a file once; SourceError where it cannot be taken."""
        label = f"{path.name} ({table})"
        try:
            before = _stamp(path)
            if path.name.lower().endswith(".gz") and before[0] and not encoding.is_gzip(path):
                raise SourceError(f"{label}: is called .gz and is no gzip file")
            scanned = encoding.scan(path, label)
            columns = _split_header(scanned.header, label)
            records = count_records(path, scanned, label) if scanned.has_line_breaks else None
        except OSError as error:
            raise SourceError(f"{label}: cannot be read: {error.strerror}") from None
        return cls(path, table, scanned, columns, before, records)

    @property
    def name(self) -> str:
        """The file's name."""
        return self.path.name

    @property
    def size(self) -> int:
        """Bytes on disk."""
        return self.scan.size

    @property
    def sha256(self) -> str:
        """Of the bytes on disk."""
        return self.scan.sha256

    @property
    def encoding(self) -> str:
        """`utf-8`, `utf-8-sig` or `gb18030`."""
        return self.scan.encoding

    @property
    def needs_cleaning(self) -> bool:
        """Whether control characters, tabs or spreadsheet escapes are inside."""
        return self.scan.is_dirty or self.scan.has_line_breaks

    def unchanged(self) -> bool:
        """Whether size and time of change are what they were at the scan."""
        try:
            return _stamp(self.path) == self.stamp
        except OSError:
            return False

    def open(
        self,
        con: duckdb.DuckDBPyConnection,
        scratch: Path,
        *,
        numbered: bool = True,
        mend: bool = False,
    ) -> str:
        """A FROM item with the file's columns and `row_no`; see `database.Part.open`."""
        label = f"{self.name} ({self.table})"
        if mend:
            path = scratch / f"{self.table}.mended.csv"
            rewrite(self.path, path, self.scan, self.columns, label)
        elif self.scan.is_utf8:
            return self._relation(self.path, numbered=numbered, zipped=self.scan.is_gzip)
        else:
            path = scratch / f"{self.table}.csv"
            encoding.transcode(self.path, path, self.scan, label)
        return self._relation(path, numbered=numbered, zipped=False)

    def can_mend(self, error: duckdb.Error) -> bool:
        """Whether the line ends change within the file, which DuckDB refuses."""
        return "invalid state" in str(error)

    def _relation(self, path: Path, *, numbered: bool, zipped: bool) -> str:
        columns = ", ".join(f"'{name}': 'VARCHAR'" for name in self.columns)
        parallel = "false" if self.scan.has_line_breaks else "true"
        return (
            f"(SELECT *, {row_no_sql(numbered=numbered)} AS row_no FROM read_csv("
            f"{literal_path(path)}, columns = {{{columns}}}, auto_detect = false, header = true,"
            " delim = ',', quote = '\"', escape = '\"', strict_mode = true, null_padding = false,"
            f" max_line_size = {LONGEST_RECORD}, buffer_size = {2 * LONGEST_RECORD},"
            f" parallel = {parallel}, compression = '{'gzip' if zipped else 'none'}'))"
        )

    def broken(self, error: duckdb.Error) -> SourceError:
        """What a reading error means, without the line it quotes."""
        text, label = str(error), f"{self.name} ({self.table})"
        line = re.search(r"CSV Error on Line: (\d+)", text)
        where = f" in line {line[1]}" if line else ""
        counts = re.search(r"Expected Number of Columns: (\d+) Found: (\d+)", text)
        if counts:
            return SourceError(f"{label}: {counts[2]} fields instead of {counts[1]}{where}")
        if "unterminated quote" in text:
            return SourceError(f"{label}: a quote is not closed{where}")
        if "line_size" in text or "Maximum line size" in text:
            return SourceError(f"{label}: a record is longer than 16 MB{where}")
        return SourceError(f"{label}: cannot be read as CSV{where}")


def _split_header(header: str, label: str) -> tuple[str, ...]:
    try:
        names = next(csv.reader([header], strict=True), [])
    except csv.Error:
        raise SourceError(f"{label}: the first line is no CSV header") from None
    if len(names) <= 1:
        for sign, what in _OTHER_DELIMITERS.items():
            if sign in header:
                raise SourceError(f"{label}: fields are divided by {what}, not by commas")
    return tuple(name.strip(" \u3000\t\ufeff").upper() for name in names)


def _stamp(path: Path) -> tuple[int, int]:
    status = os.stat(path)
    return status.st_size, status.st_mtime_ns
