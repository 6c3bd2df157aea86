"""One Parquet file; its values become the text that a CSV export would show."""

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path

import duckdb

from etl.errors import SourceError
from etl.source.encoding import CHUNK
from etl.source.store import literal_path, row_no_sql

_NESTED = ("STRUCT", "MAP", "UNION", "[]", "VARIANT")


@dataclass(frozen=True)
class ParquetPart:
    """A Parquet file with columns of any plain type."""

    path: Path
    table: str
    size: int
    sha256: str
    types: tuple[tuple[str, str], ...]
    written: tuple[str, ...]
    stamp: tuple[int, int]

    encoding = "parquet"
    needs_cleaning = True
    records = None

    @classmethod
    def look_at(cls, path: Path, table: str) -> "ParquetPart":
        """Hash a file and read its schema; SourceError where it is corrupt."""
        label = f"{path.name} ({table})"
        digest = hashlib.sha256()
        try:
            status = os.stat(path)
            with path.open("rb") as file:
                while chunk := file.read(CHUNK):
                    digest.update(chunk)
        except OSError as error:
            raise SourceError(f"{label}: cannot be read: {error.strerror}") from None
        if not status.st_size:
            raise SourceError(f"{label}: the file is empty")
        try:
            with duckdb.connect() as con:
                schema = con.execute(f"DESCRIBE SELECT * FROM {_read(path)}").fetchall()
        except duckdb.Error:
            raise SourceError(f"{label}: is no Parquet file, or a damaged one") from None
        for name, kind, *_ in schema:
            if any(sign in kind for sign in _NESTED):
                raise SourceError(f"{label}: column {name} is nested: hand over plain columns")
        return cls(
            path,
            table,
            status.st_size,
            digest.hexdigest(),
            tuple((name.strip().upper(), kind) for name, kind, *_ in schema),
            tuple(name for name, *_ in schema),
            (status.st_size, status.st_mtime_ns),
        )

    @property
    def name(self) -> str:
        """The file's name."""
        return self.path.name

    @property
    def columns(self) -> tuple[str, ...]:
        """The file's columns, upper case."""
        return tuple(name for name, _ in self.types)

    def unchanged(self) -> bool:
        """Whether size and time of change are what they were when it was hashed."""
        try:
            status = os.stat(self.path)
        except OSError:
            return False
        return (status.st_size, status.st_mtime_ns) == self.stamp

    def open(
        self,
        con: duckdb.DuckDBPyConnection,
        scratch: Path,
        *,
        numbered: bool = True,
        mend: bool = False,
    ) -> str:
        """A FROM item with the file's columns as text and `row_no`."""
        columns = ", ".join(
            f'{_text(written, kind)} AS "{name}"'
            for written, (name, kind) in zip(self.written, self.types, strict=True)
        )
        row_no = row_no_sql(numbered=numbered)
        return f"(SELECT {columns}, {row_no} AS row_no FROM {_read(self.path)})"

    def can_mend(self, error: duckdb.Error) -> bool:
        """Never: a damaged Parquet file must be exported again."""
        return False

    def broken(self, error: duckdb.Error) -> SourceError:
        """A reading error, without what it quotes."""
        return SourceError(f"{self.name} ({self.table}): is a damaged Parquet file")


def _read(path: Path) -> str:
    return f"read_parquet({literal_path(path)}, binary_as_string = true)"


def _text(name: str, kind: str) -> str:
    """A value as CSV shows it: whole numbers without `.0`, true and false as 1 and 0."""
    quoted = '"' + name.replace('"', '""') + '"'
    if kind in ("DOUBLE", "FLOAT"):
        return (
            f"CASE WHEN {quoted} = trunc({quoted}) AND abs({quoted}) < 1e15"
            f" THEN CAST(CAST({quoted} AS BIGINT) AS VARCHAR)"
            f" WHEN NOT isnan({quoted}) THEN CAST({quoted} AS VARCHAR) END"
        )
    if kind == "BOOLEAN":
        return f"CAST(CAST({quoted} AS INTEGER) AS VARCHAR)"
    return f"CAST({quoted} AS VARCHAR)"
