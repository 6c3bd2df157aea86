"""CSV record by record, in Python: slower than DuckDB by far, and right where DuckDB is not.

DuckDB 2.0 cuts a file into pieces for its threads; where quoted values hold line breaks it may cut
inside one. Told not to cut, it drops without a word what follows a quote that is never closed
(tests/unit/test_landing_files.py). Such files are therefore walked through here first.
"""

import csv
import gzip
import io
from collections.abc import Iterator
from pathlib import Path

from etl.errors import SourceError
from etl.source.encoding import Scan, owner_only

LONGEST_RECORD = 4 << 20


def records(path: Path, scanned: Scan, label: str) -> Iterator[list[str]]:
    """Every record that is not blank, the header first; SourceError, by line, for a broken one."""
    csv.field_size_limit(LONGEST_RECORD)
    with path.open("rb") as raw:
        stream = gzip.GzipFile(fileobj=raw) if scanned.is_gzip else raw
        text = io.TextIOWrapper(stream, scanned.encoding, newline="")
        reader = csv.reader(text, strict=True)
        width = 0
        try:
            for record in reader:
                if not record:
                    continue
                width = width or len(record)
                if len(record) != width:
                    raise SourceError(
                        f"{label}: {len(record)} fields instead of {width}"
                        f" in line {reader.line_num}"
                    )
                yield record
        except csv.Error as error:
            where = f"in line {reader.line_num}"
            if "field larger" in str(error):
                raise SourceError(f"{label}: a record is longer than 16 MB {where}") from None
            raise SourceError(f"{label}: a quote is not closed {where}") from None
        except UnicodeDecodeError:
            where = f"after line {reader.line_num}"
            raise SourceError(f"{label}: is neither UTF-8 nor GB18030 ({where})") from None


def count_records(path: Path, scanned: Scan, label: str) -> int:
    """How many records follow the header; SourceError for a broken one."""
    return sum(1 for _ in records(path, scanned, label)) - 1


def rewrite(path: Path, target: Path, scanned: Scan, columns: tuple[str, ...], label: str) -> None:
    """Write a CSV file anew as UTF-8 with one kind of line end; SourceError for a broken record."""
    with owner_only(target) as out:
        text = io.TextIOWrapper(out, "utf-8", newline="")
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(columns)
        lines = records(path, scanned, label)
        next(lines)
        writer.writerows(lines)
        text.flush()
        text.detach()
