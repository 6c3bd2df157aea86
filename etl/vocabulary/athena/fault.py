"""Where a vocabulary file is broken: the first line that is not as Athena writes it, and why.

Slow and plain, one line after the other. It runs only when a quick check has failed.
"""

import re
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from etl.warehouse.spec import Column

MAY_BE_EMPTY = ("concept_name", "concept_synonym_name")
"""Athena has a few nameless concepts; an empty name is kept as one, never as NULL."""

_WHOLE = re.compile(r"0|-?[1-9]\d*")
_LINE = re.compile(r"CSV Error on Line: (\d+)")


def find_fault(
    path: Path, header: tuple[str, ...], columns: Mapping[str, Column], hint: str
) -> str:
    """Give `line N column C: what is wrong`; `hint`, an error of DuckDB's, may name the line.

    Where the line named is sound, all lines are read. The text of a field is quoted: a vocabulary
    holds nobody's data.
    """
    named = _LINE.search(hint)
    starts = [max(2, int(named[1]) - 1), 2] if named else [2]
    for start in starts:
        with path.open("rb") as lines:
            for number, raw in enumerate(lines, 1):
                if number >= start and (what := _wrong(raw, header, columns)):
                    return f"line {number}{what}"
    reason = hint.splitlines()[0] if hint else "unknown"
    return f"cannot be read ({reason})"


def _wrong(raw: bytes, header: tuple[str, ...], columns: Mapping[str, Column]) -> str | None:
    """Say what is wrong with a line, with the column where there is one."""
    try:
        line = raw.rstrip(b"\n").removesuffix(b"\r").decode("utf-8")
    except UnicodeDecodeError:
        return ": holds bytes that are no UTF-8"
    if "\0" in line or "\r" in line:
        return ": holds a control character"
    fields = line.split("\t")
    if len(fields) != len(header):
        return f": has {len(fields)} fields, not {len(header)}"
    for name, text in zip(header, fields, strict=True):
        if why := _misfit(columns[name], text):
            return f" column {name}: {why}"
    return None


def _misfit(column: Column, text: str) -> str | None:
    if not text:
        empty = column.required and column.name not in MAY_BE_EMPTY
        return "is empty" if empty else None
    shown = repr(text[:40])
    if column.duckdb_type in ("INTEGER", "BIGINT"):
        fits = _WHOLE.fullmatch(text) and -(2**31) <= int(text) < 2**31
        return None if fits else f"{shown} is no whole number"
    if column.duckdb_type == "DATE":
        try:
            datetime.strptime(text, "%Y%m%d")
        except ValueError:
            return f"{shown} is no date (YYYYMMDD)"
    if column.duckdb_type == "DOUBLE":
        try:
            float(text)
        except ValueError:
            return f"{shown} is no number"
    return None
