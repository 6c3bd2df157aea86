"""The reader of files, whatever it is given: every record in its order, or a one-line error."""

import csv
import gzip
import io
import tempfile
from pathlib import Path

import duckdb
import pytest
from hypothesis import HealthCheck, assume, example, given, settings
from hypothesis import strategies as st

from etl.errors import SourceError
from etl.source import encoding
from etl.source.csv_part import CsvPart
from etl.source.reading import read_part

NAMES = ("JGLSH", "ZBMC", "JG")
WIDE = [*NAMES, "BGDH", "ZBDM"]
FEW = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)

# What gb18030 can write and csv must quote, and the rest of Unicode.
_CHARACTERS = st.one_of(
    st.sampled_from(list('a1,"\n\r ;|\t白细胞，。↑⁹××𠮷\x00\x04\u3000')),
    st.characters(exclude_categories=["Cs"]),
)
_VALUES = st.text(_CHARACTERS, max_size=12)
_RECORDS = st.lists(st.tuples(_VALUES, _VALUES, _VALUES), max_size=8)


@pytest.fixture(scope="module")
def con():
    with duckdb.connect() as connection:
        yield connection


def read(con, content, name="LIS_JG.csv"):
    """The records of a file as the reader gives them, '' as None."""
    with tempfile.TemporaryDirectory() as place:
        path = Path(place) / name
        path.write_bytes(content)
        part = CsvPart.look_at(path, "LIS_JG")
        found = []

        def take(item):
            columns = ", ".join(part.columns)
            found[:] = con.execute(f"SELECT {columns} FROM {item} ORDER BY row_no").fetchall()

        scratch = Path(place) / "scratch"
        scratch.mkdir()
        read_part(con, part, scratch, take)
        assert part.records in (None, len(found))
        return found


def read_or_refuse(con, content):
    """The records, or None where the file is refused, in one line."""
    try:
        return read(con, content)
    except SourceError as error:
        if "\n" in str(error):
            raise AssertionError("an error of several lines") from error
        return None


def written(records, line_end="\n", quoting=csv.QUOTE_MINIMAL, names=NAMES):
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator=line_end, quoting=quoting)
    writer.writerow(names)
    writer.writerows(records)
    return text.getvalue()


def expected(records):
    return [tuple(value or None for value in record) for record in records]


@given(
    records=_RECORDS,
    line_end=st.sampled_from(["\n", "\r\n"]),
    quoting=st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
    code=st.sampled_from(["utf-8", "utf-8-sig", "gb18030"]),
    packed=st.booleans(),
)
@example([("1", "白\r\n,", '"')], "\r\n", csv.QUOTE_MINIMAL, "gb18030", True)
@example([("\n", "\r", "\r\n")], "\n", csv.QUOTE_ALL, "utf-8", False)
@FEW
def test_what_was_written_is_read_back_in_order(con, records, line_end, quoting, code, packed):
    if line_end == "\n" and quoting == csv.QUOTE_MINIMAL:
        # Python's writer leaves a carriage return unquoted here, and nobody could read it back.
        records = [tuple(value.replace("\r", "") for value in record) for record in records]
    content = written(records, line_end, quoting).encode(code)
    if packed:
        content = gzip.compress(content)
    assert read(con, content, f"LIS_JG.csv{'.gz' if packed else ''}") == expected(records)


@given(records=_RECORDS, cut=st.floats(0, 1), code=st.sampled_from(["utf-8", "gb18030"]))
@FEW
def test_of_a_cut_file_no_record_is_lost_in_silence(con, records, cut, code):
    content = written(records, quoting=csv.QUOTE_ALL).encode(code)
    kept = content[: int(len(content) * cut)]
    assume(kept != content)
    found = read_or_refuse(con, kept)
    if found is not None:
        assert found == expected(records)[: len(found)]
        assert kept == written(records[: len(found)], quoting=csv.QUOTE_ALL).encode(code)


@given(content=st.binary(max_size=60))
@example(b'JGLSH,ZBMC,JG\n1,2,"3\n')
@example(b'JGLSH,ZBMC,JG\n1,2"z,3\n1,"x,3\n')
@example(b"JGLSH,ZBMC,JG\r1,2,3\r")
@example(b"\x1f\x8b")
@example(b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03")
@example(b"JGLSH\n\x80\n")
@FEW
def test_any_bytes_are_read_or_refused_in_one_line(con, content):
    head = b"JGLSH,ZBMC,JG\n"
    for candidate in (head + content, head + content + b"\n"):
        read_or_refuse(con, candidate)
    with tempfile.TemporaryDirectory() as place:
        path = Path(place) / "LIS_JG.csv"
        path.write_bytes(content)
        assert _scanned(path)


@given(
    text=st.text(st.sampled_from(list('ab,"\n\r白\x04é')), max_size=60),
    chunk=st.integers(1, 9),
    code=st.sampled_from(["utf-8", "gb18030"]),
)
@FEW
def test_the_size_of_the_chunks_changes_nothing(monkeypatch, text, chunk, code):
    content = (written([], names=WIDE) + text + "\n").encode(code)
    with tempfile.TemporaryDirectory() as place:
        path = Path(place) / "LIS_JG.csv"
        path.write_bytes(content)
        whole = _scanned(path)
        with monkeypatch.context() as patch:
            patch.setattr(encoding, "CHUNK", chunk + len(written([], names=WIDE)))
            cut = _scanned(path)
    # A cut may only make the reader more careful.
    assert cut[:-1] == whole[:-1]
    assert cut[-1] or not whole[-1]


def _scanned(path):
    try:
        found = encoding.scan(path, "LIS_JG.csv")
    except SourceError as error:
        return (str(error), True)
    return (found.encoding, found.sha256, found.size, found.is_dirty, found.has_line_breaks)


def test_line_breaks_that_look_like_records_are_not_cut_by_threads(con):
    """DuckDB, left to its own devices, misreads this file."""
    trap = "\n".join('say "hi",1,2' if n % 2 else f"{n},x,y" for n in range(40))
    records = [(str(n), trap, "end") for n in range(60_000)]
    found = read(con, written(records).encode())
    assert found == records


def test_a_gb18030_character_may_hold_bytes_of_ascii(con):
    records = [("1", "癛|镾\\丏{}", "x")]
    content = written(records).encode("gb18030")
    assert b"|" in content
    assert read(con, content) == records
