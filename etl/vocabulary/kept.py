"""The vocabularies that are kept, and which one is in use.

`home/vocabulary/<digest>/` holds the nine tables of one vocabulary and its manifest; it is never
changed. `home/vocabulary/current.json` names the one in use: replacing that file is what makes a
new vocabulary count. The lake's tables are links to the files, so that nothing is copied.
"""

import json
import os
import shutil
from dataclasses import asdict, dataclass, field
from pathlib import Path

from etl.errors import VocabularyError
from etl.settings import Settings
from etl.warehouse import spec

POINTER = "current.json"
MANIFEST = "manifest.json"
STARTER = "starter"


@dataclass(frozen=True)
class Kept:
    """One kept vocabulary: its folder, what it was made from, and its rows."""

    folder: Path
    digest: str
    bundle: str
    local: str
    version: str
    rows: dict[str, int]
    notices: list[str] = field(default_factory=list)


def kept_folder(settings: Settings) -> Path:
    """Where the vocabularies lie."""
    return settings.home / "vocabulary"


def read_kept(folder: Path) -> Kept | None:
    """Give the vocabulary of a folder; None where there is no whole one."""
    try:
        manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        return Kept(folder=folder, **manifest)
    except (OSError, ValueError, TypeError):
        return None


def write_manifest(kept: Kept) -> None:
    """Say that a folder's vocabulary is whole; the last file to be written."""
    manifest = asdict(kept)
    del manifest["folder"]
    _write(kept.folder / MANIFEST, manifest)


def current(settings: Settings) -> Kept | None:
    """Give the vocabulary in use; None is the starter. VocabularyError where it is not there."""
    digest = _pointer(settings).get("digest", STARTER)
    if digest == STARTER:
        return None
    kept = read_kept(kept_folder(settings) / digest)
    if kept is None:
        raise VocabularyError(
            f"{kept_folder(settings) / digest}: the vocabulary in use is not there: load it again"
            " with `npc-omop vocabulary load DIR`, or `npc-omop vocabulary use starter`"
        )
    return kept


def previous(settings: Settings) -> Kept | None:
    """Give the vocabulary that was in use before, where it is still kept."""
    digest = _pointer(settings).get("previous", STARTER)
    return None if digest == STARTER else read_kept(kept_folder(settings) / digest)


def put_in_use(settings: Settings, digest: str) -> None:
    """Make a kept vocabulary (or `starter`) the one in use, at once or not at all."""
    try:
        before = _pointer(settings)
    except VocabularyError:  # it is replaced now
        before = {}
    former = before.get("digest", STARTER)
    if former == digest:
        former = before.get("previous", STARTER)
    _write(kept_folder(settings) / POINTER, {"digest": digest, "previous": former})


def drop_unused(settings: Settings) -> None:
    """Remove what is neither in use, nor was before, nor is what the lake was built with."""
    pointer = _pointer(settings)
    lake = linked(settings.lake)
    wanted = {pointer.get("digest"), pointer.get("previous"), lake.digest if lake else None}
    for folder in kept_folder(settings).iterdir():
        if folder.is_dir() and folder.name not in wanted:
            shutil.rmtree(folder, ignore_errors=True)


def link(kept: Kept, lake: Path) -> None:
    """Make a kept vocabulary the lake's, by links."""
    folder = lake / "vocabulary"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    for table in spec.VOCABULARY_TABLES:
        place = folder / f"{table}.parquet"
        unfinished = place.with_name(f".{place.name}.{os.getpid()}")
        unfinished.unlink(missing_ok=True)
        target = (kept.folder / place.name).resolve()
        unfinished.symlink_to(os.path.relpath(target, folder.resolve()))
        os.replace(unfinished, place)


def linked(lake: Path) -> Kept | None:
    """Give the kept vocabulary that the lake was built with; None is the starter."""
    places = [lake / "vocabulary" / f"{table}.parquet" for table in spec.VOCABULARY_TABLES]
    folders = {place.resolve().parent for place in places if place.is_symlink()}
    if len(folders) != 1 or not all(place.is_symlink() for place in places):
        return None
    return read_kept(folders.pop())


def _pointer(settings: Settings) -> dict[str, str]:
    path = kept_folder(settings) / POINTER
    if not path.exists():
        return {}
    try:
        pointer: dict[str, str] = dict(json.loads(path.read_text(encoding="utf-8")))
        return pointer
    except (OSError, ValueError, TypeError):
        raise VocabularyError(
            f"{path}: cannot be read: load a vocabulary again, or `npc-omop vocabulary use starter`"
        ) from None


def _write(path: Path, content: object) -> None:
    """Write a small JSON file, whole or not at all, also when the power fails."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    unfinished = path.with_name(f".{path.name}.{os.getpid()}")
    with unfinished.open("w", encoding="utf-8") as file:
        json.dump(content, file, ensure_ascii=False, indent=2)
        file.flush()
        os.fsync(file.fileno())
    os.replace(unfinished, path)
