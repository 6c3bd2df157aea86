"""How a file's bytes become text: decided over the whole file, at constant memory."""

import codecs
import gzip
import hashlib
import io
import os
import re
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import numpy
import pyarrow

from etl.errors import SourceError

CHUNK = 4 << 20
_OPEN_QUOTE = (re.compile(rb',"(?:[^"\n]|"")*\n'), re.compile(rb'\n"(?:[^"\n]|"")*\n'))
# A GB18030 text reads as UTF-8 for a few characters by chance, never for this many.
_SURELY_UTF8 = 24
_FOREIGN = {
    codecs.BOM_UTF16_LE: "UTF-16",
    codecs.BOM_UTF16_BE: "UTF-16",
    b"PK\x03\x04": "a zip or Excel file",
    b"\xd0\xcf\x11\xe0": "an old Excel file",
    b"PAR1": "a Parquet file",
}


@dataclass(frozen=True)
class Scan:
    """What one pass over a text file tells.

    `is_dirty`: control characters, tabs or spreadsheet escapes inside. `has_line_breaks`: quoted
    values may run over several lines, and DuckDB must not cut the file into pieces.
    """

    size: int
    sha256: str
    encoding: str
    header: str
    is_dirty: bool
    has_line_breaks: bool
    is_gzip: bool

    @property
    def is_utf8(self) -> bool:
        """Whether DuckDB can read the bytes as they are."""
        return self.encoding.startswith("utf-8")


class _Hashing(io.RawIOBase):
    """A file that hashes and counts what is read from it."""

    def __init__(self, raw: BinaryIO) -> None:
        self.raw = raw
        self.digest = hashlib.sha256()
        self.size = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        chunk = self.raw.read(len(buffer))
        buffer[: len(chunk)] = chunk
        self.digest.update(chunk)
        self.size += len(chunk)
        return len(chunk)


class _Utf8:
    """Watches whether the bytes seen so far are UTF-8, and how sure that is.

    Arrow and numpy look at the bytes, for they let another thread work meanwhile; only a bad piece
    is decoded, to find the place. A line feed is never inside a character, so pieces end at one.
    """

    def __init__(self) -> None:
        self.is_good = True
        self.wide_bytes = 0
        self.lines = 0
        self._rest = b""

    def feed(self, chunk: bytes, final: bool = False) -> None:
        """Take the next bytes; `lines` stays at the line of the first bad one."""
        begin, end = chunk.find(b"\n") + 1, chunk.rfind(b"\n") + 1
        self._take(self._rest + chunk[:begin] if begin or final else b"")
        self._take(memoryview(chunk)[begin:end])
        self._rest = chunk[end:] if begin else self._rest + chunk
        if final:
            self._take(self._rest)

    def _take(self, piece: bytes | memoryview) -> None:
        if not self.is_good or not piece:
            return
        if not _is_utf8(piece):
            self._tell_place(bytes(piece))
            return
        signs = numpy.frombuffer(piece, numpy.uint8)
        self.lines += int(numpy.count_nonzero(signs == ord("\n")))
        if self.wide_bytes < _SURELY_UTF8:
            self.wide_bytes += int(numpy.count_nonzero((signs & 0xC0) == 0x80))

    def _tell_place(self, piece: bytes) -> None:
        self.is_good = False
        try:
            piece.decode()
        except UnicodeDecodeError as error:
            before = piece[: error.start]
            self.lines += before.count(b"\n")
            self.wide_bytes += len(before) - len(before.decode("utf-8", "ignore"))


def _is_utf8(piece: bytes | memoryview) -> bool:
    arrow: Any = pyarrow
    ends = arrow.py_buffer(numpy.array([0, len(piece)], numpy.int64))
    text = arrow.Array.from_buffers(arrow.large_string(), 1, [None, ends, arrow.py_buffer(piece)])
    try:
        text.validate(full=True)
    except arrow.ArrowInvalid:
        return False
    return True


def is_gzip(path: Path) -> bool:
    """Whether the content is gzip, whatever the name says."""
    with path.open("rb") as file:
        return file.read(2) == b"\x1f\x8b"


def scan(path: Path, label: str) -> Scan:
    """Read a CSV file once: hash, encoding, header, and what makes it hard to read.

    Raises SourceError, with `label` (file and table) in front, for an empty, undecodable,
    corrupt or truncated file.
    """
    zipped = is_gzip(path)
    with path.open("rb") as raw:
        hashing = _Hashing(raw)
        stream: BinaryIO = (
            gzip.GzipFile(fileobj=io.BufferedReader(hashing, CHUNK))  # type: ignore[assignment]
            if zipped
            else io.BufferedReader(hashing, CHUNK)
        )
        try:
            found = _scan_stream(stream, label)
        except EOFError:
            raise SourceError(f"{label}: the gzip file is truncated: export it again") from None
        except (gzip.BadGzipFile, zlib.error):
            raise SourceError(f"{label}: the gzip file is corrupt: export it again") from None
    return Scan(hashing.size, hashing.digest.hexdigest(), *found, is_gzip=zipped)


def _scan_stream(stream: BinaryIO, label: str) -> tuple[str, str, bool, bool]:
    first = chunk = stream.read(CHUNK)
    for magic, kind in _FOREIGN.items():
        if first.startswith(magic):
            raise SourceError(f"{label}: is {kind}: export it as CSV in UTF-8 or GB18030")
    has_mark = first.startswith(codecs.BOM_UTF8)
    if not first.removeprefix(codecs.BOM_UTF8).strip():
        raise SourceError(f"{label}: the file is empty")
    if b"\0" in re.split(rb"[\r\n]", first, maxsplit=1)[0]:
        raise SourceError(f"{label}: is UTF-16 or no text: export it as UTF-8 or GB18030")
    utf8 = _Utf8()
    dirty = breaks = False
    tail, last = b"\n", b""
    while chunk:
        utf8.feed(chunk)
        dirty = dirty or _is_dirty(chunk)
        if not breaks and (b'"' in chunk or b'"' in tail):
            window = tail + chunk
            breaks = any(pattern.search(window) for pattern in _OPEN_QUOTE)
        # A carriage return of its own may be a line break inside quotes too.
        breaks = breaks or (b"\r" in chunk and chunk.count(b"\r") != chunk.count(b"\r\n"))
        tail = chunk[chunk.rfind(b"\n") :] if b"\n" in chunk else tail + chunk
        breaks = breaks or len(tail) > CHUNK
        last = chunk[-1:]
        chunk = stream.read(CHUNK)
    utf8.feed(b"", final=True)
    if not utf8.is_good and (has_mark or utf8.wide_bytes >= _SURELY_UTF8):
        raise SourceError(f"{label}: is UTF-8 but for a damaged character in line {utf8.lines + 1}")
    if last not in (b"\n", b"\r"):
        raise SourceError(f"{label}: the last line has no line end: the file is truncated")
    encoding = ("utf-8-sig" if has_mark else "utf-8") if utf8.is_good else "gb18030"
    return encoding, _header(first, encoding, label), dirty, breaks


def _header(first: bytes, encoding: str, label: str) -> str:
    line = re.split(rb"\r\n|\n|\r", first, maxsplit=1)[0]
    try:
        return line.decode(encoding)
    except UnicodeDecodeError:
        raise SourceError(f"{label}: is neither UTF-8 nor GB18030 (line 1)") from None


def _is_dirty(chunk: bytes) -> bool:
    signs = numpy.frombuffer(chunk, numpy.uint8)
    breaks = int(numpy.count_nonzero(signs == ord("\n")))
    if b"\r" in chunk:
        breaks += chunk.count(b"\r")
    return (
        int(numpy.count_nonzero(signs < 0x20)) != breaks
        or bool((signs == 0x7F).any())
        or b"_x000D_" in chunk
    )


def transcode(path: Path, target: Path, scanned: Scan, label: str) -> None:
    """Write a file as UTF-8 for DuckDB, owner-only, at constant memory.

    Raises SourceError with the line where the bytes are no GB18030.
    """
    decoder = codecs.getincrementaldecoder(scanned.encoding)("strict")
    lines = 0
    with path.open("rb") as raw, owner_only(target) as out:
        stream: BinaryIO = (
            gzip.GzipFile(fileobj=raw) if scanned.is_gzip else raw  # type: ignore[assignment]
        )
        try:
            while chunk := stream.read(CHUNK):
                out.write(decoder.decode(chunk).encode())
                lines += chunk.count(b"\n")
            out.write(decoder.decode(b"", True).encode())
        except UnicodeDecodeError as error:
            lines += error.object[: error.start].count(b"\n")
            raise SourceError(f"{label}: is neither UTF-8 nor GB18030 (line {lines + 1})") from None


def owner_only(path: Path) -> BinaryIO:
    """A new file that nobody else can read."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    return os.fdopen(descriptor, "wb", CHUNK)
