"""Drugs and kinds of therapy where a text names them: generic, brand, code name, misspelling."""

import csv
import functools
import re
from collections.abc import Iterator
from typing import NamedTuple

from rapidfuzz import process
from rapidfuzz.distance import Levenshtein

from etl.notes.lexicon import lexicon
from etl.settings import Settings

_LATIN = re.compile(r"[A-Za-z\d]")
# An antibody's name with one sign wrong, missing or too many is still that antibody's; names of
# other drugs differ by one sign from each other (吉西他滨, 地西他滨), and are not guessed.
_ANTIBODY = "单抗"
_SHORTEST, _LONGEST = 5, 8


class Drug(NamedTuple):
    """A drug or a kind of therapy where it stands; `name` is empty for a kind without a drug."""

    name: str
    kind: str
    start: int
    end: int


def drugs(text: str, start: int = 0, end: int | None = None) -> list[Drug]:
    """The drugs told in a stretch of a normal text, in order."""
    last = len(text) if end is None else end
    return [drug for drug in _drugs(text) if start <= drug.start and drug.end <= last]


@functools.lru_cache(maxsize=4)
def _drugs(text: str) -> list[Drug]:
    """The drugs of a whole text: several rules ask for them."""
    words = list(lexicon("drug_name").scan(text))
    found = [
        Drug(line["drug"], line["kind"], start, end)
        for line, start, end in words
        if line["kind"] != "other" and not _inside(text, start, end)
    ]
    if _ANTIBODY not in text:
        return found
    misspelt = list(_misspelt(text, {end for _, _, end in words}))
    if not misspelt:
        return found
    begun = {drug.end: drug for drug in misspelt}
    kept = [d for d in found if not any(m.start <= d.start < m.end for m in begun.values())]
    return sorted([*kept, *misspelt], key=lambda drug: drug.start)


def _misspelt(text: str, known: set[int]) -> Iterator[Drug]:
    """The antibodies whose name is not in the list but for one sign."""
    place = text.find(_ANTIBODY)
    while place >= 0:
        end = place + len(_ANTIBODY)
        if end not in known and (drug := _nearest(text[max(end - _LONGEST, 0) : end])):
            yield Drug(drug[0], "immunotherapy", end - drug[1], end)
        place = text.find(_ANTIBODY, end)


@functools.lru_cache(maxsize=256)
def _nearest(written: str) -> tuple[str, int] | None:
    """The antibody that a word ends with, and the length of the word; None where none is near."""
    names = _antibodies()
    for length in range(min(len(written), _LONGEST), _SHORTEST - 1, -1):
        word = written[-length:]
        near = process.extractOne(
            word, names, scorer=Levenshtein.distance, score_cutoff=1, processor=None
        )
        if near and len(near[0]) == length:
            return near[0], length
    for length in (_SHORTEST - 1, _SHORTEST, _SHORTEST + 1):
        near = process.extractOne(
            written[-length:], names, scorer=Levenshtein.distance, score_cutoff=1
        )
        if near:
            return near[0], length
    return None


@functools.cache
def _antibodies() -> list[str]:
    path = Settings().mappings / "text" / "drug_name.csv"
    with path.open(encoding="utf-8", newline="") as text:
        names = {line["drug"] for line in csv.DictReader(text) if line["kind"] == "immunotherapy"}
    return sorted(name for name in names if len(name) >= _SHORTEST)


def _inside(part: str, start: int, end: int) -> bool:
    """Whether a Latin abbreviation is but a part of a longer one."""
    if part[start] > "\x7f" and part[end - 1] > "\x7f":
        return False
    head = _LATIN.match(part[start]) and start and _LATIN.match(part[start - 1])
    tail = _LATIN.match(part[end - 1]) and end < len(part) and _LATIN.match(part[end])
    return bool(head or tail)
