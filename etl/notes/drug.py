"""Drugs and kinds of therapy where a text names them: generic, brand, code name, misspelling."""

import functools
import re
from typing import NamedTuple

from etl.notes.lexicon import lexicon

_LATIN = re.compile(r"[A-Za-z\d]")


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
    return [
        Drug(line["drug"], line["kind"], start, end)
        for line, start, end in lexicon("drug_name").scan(text)
        if line["kind"] != "other" and not _inside(text, start, end)
    ]


def _inside(part: str, start: int, end: int) -> bool:
    """Whether a Latin abbreviation is but a part of a longer one."""
    head = _LATIN.match(part[start]) and start and _LATIN.match(part[start - 1])
    tail = _LATIN.match(part[end - 1]) and end < len(part) and _LATIN.match(part[end])
    return bool(head or tail)
