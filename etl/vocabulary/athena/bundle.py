"""An Athena download, read as it comes and checked: tab-separated, unquoted, UTF-8.

Two passes over each file, both at constant memory. The first reads bytes: their digest, and
whether every line can have the right number of fields. The second is DuckDB's: text to typed
Parquet. What is wrong is then looked for line by line, only in the file that has it.
"""

import hashlib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import duckdb

from etl.errors import VocabularyError
from etl.vocabulary.athena.fault import MAY_BE_EMPTY, find_fault
from etl.vocabulary.tables import quoted
from etl.warehouse import spec

CHUNK = 8 << 20


@dataclass(frozen=True)
class BundleFile:
    """One table's file: its columns in the file's order, its lines and its digest."""

    table: str
    path: Path
    header: tuple[str, ...]
    sha256: str

    @property
    def name(self) -> str:
        """The file's name, as errors tell it."""
        return self.path.name


def open_bundle(folder: Path) -> list[BundleFile]:
    """Find the nine files of a download and read their bytes once.

    Names may be in any case; other files, such as CONCEPT_CPT4.csv, are left alone: its concepts
    are read from CONCEPT.csv, where Athena's own tool puts them. Raises VocabularyError naming
    file and, where one is at fault, line.
    """
    found = _files(folder)
    with ThreadPoolExecutor(2) as readers:
        return list(readers.map(lambda table: _opened(table, found[table]), found))


def to_parquet(con: duckdb.DuckDBPyConnection, file: BundleFile, target: Path) -> int:
    """Write a file's rows, typed as the CDM says, in the file's order; give their number.

    Raises VocabularyError naming file, line and column of the first row that does not fit.
    """
    types = {column.name: column for column in spec.columns(file.table)}
    # Whole numbers are read as text: DuckDB would round 2.7 and take 4.5E+07.
    read = {"INTEGER": "VARCHAR", "BIGINT": "VARCHAR"}
    names = ", ".join(
        f"'{name}': '{read.get(types[name].duckdb_type, types[name].duckdb_type)}'"
        for name in file.header
    )
    selected = ", ".join(_selected(column) for column in types.values())
    try:
        row = con.execute(
            f"COPY (SELECT {selected} FROM read_csv({quoted(file.path)}, columns = {{{names}}},"
            " auto_detect = false, header = true, delim = '\t', quote = '', escape = '',"
            " comment = '', nullstr = '', dateformat = '%Y%m%d', strict_mode = true))"
            f" TO {quoted(target)} (FORMAT parquet, COMPRESSION lz4)"
        ).fetchone()
    except (duckdb.ConversionException, duckdb.InvalidInputException) as error:
        raise _fault(file, str(error)) from None
    rows = int(row[0]) if row else 0
    required = [c.name for c in types.values() if c.required]
    if rows and _has_null(con, target, required):
        raise _fault(file, "an empty field")
    return rows


def _files(folder: Path) -> dict[str, Path]:
    if not folder.is_dir():
        what = "unpack it, then" if folder.suffix.lower() == ".zip" else "is no folder:"
        raise VocabularyError(f"{folder}: {what} name the unpacked Athena download")
    there: dict[str, Path] = {}
    for path in sorted(folder.iterdir()):
        table = path.stem.lower()
        if path.suffix.lower() == ".csv" and table in spec.VOCABULARY_TABLES:
            if table in there:
                raise VocabularyError(f"{path}: is also there as {there[table].name}: keep one")
            there[table] = path
    for table in spec.VOCABULARY_TABLES:
        if table not in there:
            raise VocabularyError(f"{folder}: has no {table.upper()}.csv: {_instead(folder)}")
    return {table: there[table] for table in spec.VOCABULARY_TABLES}


def _instead(folder: Path) -> str:
    """What to do where a file is not in a folder: unpacking often makes a folder of its own."""
    if any(path.suffix.lower() == ".zip" for path in folder.iterdir()):
        return "unpack the zip file first"
    below = sorted(p for p in folder.glob("*/*") if p.name.lower() == "concept.csv")
    return f"name {below[0].parent}" if below else "name the unpacked Athena download"


def _opened(table: str, path: Path) -> BundleFile:
    """Read a file's bytes once: its digest, and counts that tell a broken line."""
    digest = hashlib.sha256()
    expected = [column.name for column in spec.columns(table)]
    lines = tabs = strays = 0
    header: tuple[str, ...] = ()
    last = b""
    try:
        for chunk in _whole_lines(path):
            if not header:
                header = _header(path, chunk, expected)
            digest.update(chunk)
            lines += chunk.count(b"\n")
            tabs += chunk.count(b"\t")
            strays += chunk.count(b"\r") - chunk.count(b"\r\n") + (b"\0" in chunk)
            last = chunk
    except OSError as error:
        raise VocabularyError(f"{path}: {error.strerror}: check the file and its rights") from None
    if not header:
        raise VocabularyError(f"{path.name}: is empty: download or unpack it again")
    file = BundleFile(table, path, header, digest.hexdigest())
    is_cut = not last.endswith(b"\n")
    if tabs != (lines + is_cut) * (len(header) - 1) or strays:
        raise _fault(file, "lines of another length")
    if is_cut:
        raise VocabularyError(
            f"{path.name} line {lines + 1}: the last line does not end, the file was cut off:"
            " download or unpack it again"
        )
    return file


def _whole_lines(path: Path) -> Iterator[bytes]:
    """Read a file in pieces that end where a line ends; the last one may not."""
    rest = b""
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            cut = chunk.rfind(b"\n") + 1
            if cut:
                yield rest + chunk[:cut]
                rest = chunk[cut:]
            else:
                rest += chunk
    if rest:
        yield rest


def _header(path: Path, chunk: bytes, expected: list[str]) -> tuple[str, ...]:
    line = chunk.split(b"\n", 1)[0].removeprefix(b"\xef\xbb\xbf").rstrip(b"\r")
    names = tuple(line.decode("utf-8", "replace").strip().lower().split("\t"))
    for name in expected:
        if name not in names:
            tabs = "" if "\t" in line.decode("utf-8", "replace") else "tab-separated, "
            raise VocabularyError(
                f"{path.name} line 1: has no column {name}: give the file {tabs}as Athena wrote it"
            )
    strange = [name for name in names if name not in expected]
    if strange or len(names) != len(expected):
        raise VocabularyError(
            f"{path.name} line 1: has a column {(strange or sorted(names))[0]!r} that CDM 5.4 does"
            " not have or has once: give the file as Athena wrote it"
        )
    return names


def _selected(column: spec.Column) -> str:
    """Spell a column's value: whole numbers exactly, an empty name as an empty name."""
    if column.duckdb_type in ("INTEGER", "BIGINT"):
        number = f"try_cast({column.name} AS {column.duckdb_type})"
        return (
            f"CASE WHEN {column.name} IS NULL OR CAST({number} AS VARCHAR) = {column.name}"
            f" THEN {number} ELSE error('no whole number') END AS {column.name}"
        )
    if column.name in MAY_BE_EMPTY:
        return f"coalesce({column.name}, '') AS {column.name}"
    return column.name


def _has_null(con: duckdb.DuckDBPyConnection, path: Path, columns: list[str]) -> bool:
    """Ask the Parquet file's own statistics whether one of the columns has an empty field."""
    row = con.execute(
        f"SELECT count(*) FROM parquet_metadata({quoted(path)})"
        " WHERE list_contains(?, path_in_schema) AND coalesce(stats_null_count, 1) > 0",
        [columns],
    ).fetchone()
    return bool(row and row[0])


def _fault(file: BundleFile, hint: str) -> VocabularyError:
    """Look for the first bad line, from the line that DuckDB names, if it does."""
    place = find_fault(file.path, file.header, {c.name: c for c in spec.columns(file.table)}, hint)
    return VocabularyError(f"{file.name} {place}: download or unpack it again, or mend the line")
