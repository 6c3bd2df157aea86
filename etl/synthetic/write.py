"""Writing tables in batches: CSV, gzipped CSV or Parquet, the same bytes every time."""

from __future__ import annotations

import codecs
import gzip
from pathlib import Path
from typing import IO, Any, cast

import numpy as np
import pyarrow
import pyarrow.compute
import pyarrow.parquet

from etl.synthetic.hospital import Frame

# pyarrow carries no types.
pa: Any = pyarrow
pc: Any = pyarrow.compute
pq: Any = pyarrow.parquet

_PART_ROWS = 1_000_000
_NEEDS_QUOTES = '[",\\n\\r]'
_SPLIT = ("LIS_JG",)


class TableWriter:
    """One table on its way to disk; large tables go into numbered parts."""

    def __init__(
        self, folder: Path, table: str, columns: list[str], kind: str, encoding: str, bom: bool
    ) -> None:
        self._folder, self._table, self._columns = folder, table, columns
        self._kind, self._encoding, self._bom = kind, encoding, bom
        self._part, self._rows = 0, 0
        self._file: IO[bytes] | None = None
        self._raw: IO[bytes] | None = None
        self._parquet: Any = None
        self._open()

    def write(self, frame: Frame) -> None:
        """Append a batch of rows."""
        if frame.height == 0:
            return
        if self._table in _SPLIT and self._rows >= _PART_ROWS:
            self._close_part()
            self._open()
        arrays = [pa.array(frame.columns[name], type=pa.string()) for name in self._columns]
        if self._parquet is not None:
            self._parquet.write_table(pa.Table.from_arrays(arrays, schema=self._schema()))
        else:
            self._write_text(csv_lines(arrays))
        self._rows += frame.height

    def close(self) -> None:
        """Finish; a table that needed only one part loses the part number."""
        self._close_part()
        if self._table in _SPLIT and self._part == 1:
            self._path().rename(self._folder / f"{self._table}.{self._kind}")

    def _path(self) -> Path:
        number = f"_{self._part:04d}" if self._table in _SPLIT else ""
        return self._folder / f"{self._table}{number}.{self._kind}"

    def _schema(self) -> Any:
        return pa.schema([(name, pa.string()) for name in self._columns])

    def _open(self) -> None:
        self._part, self._rows = self._part + 1, 0
        if self._kind == "parquet":
            self._parquet = pq.ParquetWriter(self._path(), self._schema(), compression="zstd")
            return
        self._raw = self._path().open("wb")
        self._file = self._raw
        if self._kind == "csv.gz":
            # No name and no time in the header: same input, same bytes.
            compressed = gzip.GzipFile("", "wb", 4, self._raw, mtime=0)
            self._file = cast("IO[bytes]", compressed)
        if self._bom and self._encoding == "utf-8":
            self._file.write(codecs.BOM_UTF8)
        self._write_text(",".join(self._columns) + "\n")

    def _write_text(self, text: str) -> None:
        assert self._file is not None
        self._file.write(text.encode(self._encoding))

    def _close_part(self) -> None:
        if self._parquet is not None:
            self._parquet.close()
            self._parquet = None
            return
        assert self._file is not None
        assert self._raw is not None
        self._file.close()
        self._raw.close()


def csv_lines(arrays: list[Any]) -> str:
    """The rows as CSV text; only fields that need quotes have them."""
    quoted = [_quoted(array) for array in arrays]
    lines = pc.binary_join_element_wise(*quoted, ",")
    lists = pa.ListArray.from_arrays(pa.array([0, len(lines)], pa.int32()), lines)
    return str(pc.binary_join(lists, "\n")[0].as_py()) + "\n"


def _quoted(array: Any) -> Any:
    filled = pc.fill_null(array, "")
    needs = pc.match_substring_regex(filled, _NEEDS_QUOTES)
    if not pc.any(needs).as_py():
        return filled
    doubled = pc.replace_substring(filled, '"', '""')
    wrapped = pc.binary_join_element_wise('"', doubled, '"', "")
    return pc.if_else(needs, wrapped, filled)


def append_rows(path: Path, columns: tuple[str, ...], rows: list[dict[str, str]]) -> None:
    """Append to a CSV file in UTF-8 of _truth; a new file starts with its header."""
    arrays = [
        pa.array(np.array([row.get(name, "") for row in rows], dtype=object), type=pa.string())
        for name in columns
    ]
    text = csv_lines(arrays) if rows else ""
    header = "" if path.exists() else ",".join(columns) + "\n"
    with path.open("a", encoding="utf-8", newline="") as lines:
        lines.write(header + text)
