"""What landing asks of a reader, be it a folder of files or a live database.

`etl.source.files.Folder` is the reader of files. A database's reader streams the same tables
through SQLAlchemy by watermark; it satisfies these two protocols and nothing else changes.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

import duckdb

from etl.errors import SourceError


class Part(Protocol):
    """One file, or one stretch of a database table, taken whole or not at all."""

    @property
    def table(self) -> str:
        """The contract's table."""

    @property
    def name(self) -> str:
        """What people call it: the file's name. It holds no path and no credentials."""

    @property
    def size(self) -> int:
        """Bytes as handed over."""

    @property
    def sha256(self) -> str:
        """Of the bytes as handed over: the same content is never landed twice."""

    @property
    def encoding(self) -> str:
        """How its text is written: `utf-8`, `gb18030` or `parquet`."""

    @property
    def columns(self) -> tuple[str, ...]:
        """Its columns, in its order."""

    @property
    def needs_cleaning(self) -> bool:
        """Whether its text may hold control characters."""

    @property
    def records(self) -> int | None:
        """How many records reading it must give, where that is known beforehand."""

    def open(
        self,
        con: duckdb.DuckDBPyConnection,
        scratch: Path,
        *,
        numbered: bool = True,
        mend: bool = False,
    ) -> str:
        """Make it readable for `con` and give a FROM item: `columns` as VARCHAR and `row_no`.

        Records come in their order. Without `numbered` their `row_no` is NULL: numbering them
        takes one core, reading them all. `scratch` is an owner-only folder for what has to be
        rewritten, with `mend` record by record. Raises SourceError when a record is broken.
        """

    def can_mend(self, error: duckdb.Error) -> bool:
        """Whether rewriting it could help against what DuckDB said while reading."""

    def broken(self, error: duckdb.Error) -> SourceError:
        """What DuckDB said while reading, in one line that quotes no value."""

    def unchanged(self) -> bool:
        """Whether it is still what it was when `sha256` was taken."""


class Reader(Protocol):
    """All parts that one load takes, and what is worth a notice."""

    def parts(self) -> Sequence[Part]:
        """Every part, in a fixed order. Raises SourceError when one of them cannot be taken."""

    @property
    def notices(self) -> Sequence[str]:
        """What was seen and left alone."""
