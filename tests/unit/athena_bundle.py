"""A small invented Athena download, whole or with one thing wrong."""

from collections.abc import Callable
from functools import cache
from pathlib import Path

from etl.settings import Settings
from etl.synthetic.athena import write_bundle
from etl.vocabulary import kept as keeping
from etl.vocabulary.athena.load import keep
from etl.vocabulary.kept import Kept

CONCEPTS = 4_000


class Elsewhere(Settings):
    """Settings whose mappings are a test's own."""

    folder: Path

    @property
    def mappings(self) -> Path:
        return self.folder


@cache
def bundle_in(folder: Path) -> Path:
    """The download, made once for a folder."""
    write_bundle(folder, Settings().mappings, CONCEPTS)
    return folder


def changed(bundle: Path, folder: Path, name: str, change: Callable[[bytes], bytes | None]) -> Path:
    """The same download with one file changed; None removes it."""
    folder.mkdir()
    for path in bundle.iterdir():
        if path.name != name:
            (folder / path.name).symlink_to(path)
        elif (content := change(path.read_bytes())) is not None:
            (folder / name).write_bytes(content)
    return folder


def replaced(old: bytes, new: bytes, times: int = 1) -> Callable[[bytes], bytes]:
    """A change of a file: the first `old` becomes `new`."""

    def change(content: bytes) -> bytes:
        assert old in content, old
        return content.replace(old, new, times)

    return change


def cells(key: bytes, **new: bytes) -> Callable[[bytes], bytes]:
    """A change of a file: columns of the line that begins with `key` get other texts."""

    def change(content: bytes) -> bytes:
        header, *lines = content.split(b"\n")
        columns = header.decode().split("\t")
        for number, line in enumerate(lines):
            fields = line.split(b"\t")
            if fields[0] == key:
                for column, text in new.items():
                    fields[columns.index(column)] = text
                lines[number] = b"\t".join(fields)
        return b"\n".join([header, *lines])

    return change


def loaded(bundle: Path, settings: Settings) -> Kept:
    """Keep a download and put it in use, without a warehouse."""
    kept = keep(bundle, settings, lambda *_: None)
    keeping.put_in_use(settings, kept.digest)
    return kept
