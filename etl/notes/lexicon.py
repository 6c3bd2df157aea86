"""The words that rules know, as data: `mappings/text/*.csv`, found in one pass over a text."""

import csv
import functools
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from ahocorasick_rs import AhoCorasick, MatchKind

from etl.errors import ContractError
from etl.settings import Settings

# A named tuple without the call that counts its fields.
_new = tuple.__new__


class Word(NamedTuple):
    """A word of a lexicon where it stands: its line's columns, start and end."""

    line: dict[str, str]
    start: int
    end: int


class Lexicon:
    """The words of one file; of words that overlap the longest counts, then the first."""

    def __init__(self, path: Path) -> None:
        lines: dict[str, dict[str, str]] = {}
        with path.open(encoding="utf-8", newline="") as text:
            reader = csv.DictReader(text)
            for line in reader:
                word = line.get("word")
                if not word or None in line or None in line.values():
                    raise ContractError(
                        f"mappings/text/{path.name} line {reader.line_num}: fields do not fit the"
                        " header"
                    )
                if word in lines:
                    raise ContractError(
                        f"mappings/text/{path.name} line {reader.line_num}: {word} is there twice"
                    )
                lines[word] = line
        self._lines = list(lines.values())
        self._automaton = AhoCorasick(list(lines), matchkind=MatchKind.LeftmostLongest)

    def find(self, text: str) -> Iterator[Word]:
        """The words of a normal text, in order, none overlapping."""
        lines = self._lines
        return (
            _new(Word, (lines[number], start, end))
            for number, start, end in self._automaton.find_matches_as_indexes(text)
        )

    def scan(self, text: str) -> list[tuple[dict[str, str], int, int]]:
        """The same as bare tuples, for where speed counts."""
        lines = self._lines
        return [
            (lines[number], start, end)
            for number, start, end in self._automaton.find_matches_as_indexes(text)
        ]


@functools.cache
def lexicon(name: str) -> Lexicon:
    """The lexicon `mappings/text/<name>.csv`; its column `word` is in normal spelling."""
    return Lexicon(Settings().mappings / "text" / f"{name}.csv")
