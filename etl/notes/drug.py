"""Drugs and kinds of therapy where a text names them: generic, brand, code name, misspelling."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from etl.notes.lexicon import lexicon

_LATIN = re.compile(r"[A-Za-z\d]")


@dataclass(frozen=True)
class Drug:
    """A drug or a kind of therapy where it stands; `name` is empty for a kind without a drug."""

    name: str
    kind: str
    start: int
    end: int


def drugs(text: str, start: int = 0, end: int | None = None) -> Iterator[Drug]:
    """The drugs told in a stretch of a normal text, in order."""
    part = text[start:end]
    for word in lexicon("drug_name").find(part):
        if _inside(part, word.start, word.end):
            continue
        name = word.line["drug"]
        if word.line["kind"] == "other":
            continue
        yield Drug(name, word.line["kind"], start + word.start, start + word.end)


def _inside(part: str, start: int, end: int) -> bool:
    """Whether a Latin abbreviation is but a part of a longer one."""
    head = _LATIN.match(part[start]) and start and _LATIN.match(part[start - 1])
    tail = _LATIN.match(part[end - 1]) and end < len(part) and _LATIN.match(part[end])
    return bool(head or tail)
