"""Negation, certainty, history, other persons, change: one scope engine for all kinds of text.

A cue (`mappings/text/cue.csv`) reaches to the right, to the left, or over the item before it,
within its sentence and within its brackets. The longest cue at a place counts: 不除外 is none of
除外, 未见明显变化 denies the change and not the finding.
"""

import re
from bisect import bisect_right
from collections.abc import Container, Iterator

from etl.notes.fact import Certainty
from etl.notes.reach import Scope
from etl.notes.scopes import CHANGES, scopes
from etl.notes.text import sentences

# 鉴别诊断 lists what is considered, asserts nothing, up to the next title.
_DIFFERENTIAL = re.compile(r"鉴别诊断\s*[::\n]")
_TITLE = re.compile(
    r"\s*(?:[一二三四五六七八九十]、)?(?:诊疗|治疗|诊断|处理|入院|初步|目前|辅助|病例|拟)[^,。:]{0,8}:"
)


class Context:
    """What the cues of one normal text say, sentence by sentence."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.sentences = list(sentences(text))
        self._starts = [start for start, _ in self.sentences]
        self._parts = [scopes(text[start:end]) for start, end in self.sentences]
        self._differential = list(self._listed()) if "鉴别诊断" in text else []

    def sentence(self, place: int) -> int:
        """The number of the sentence that a place is in."""
        number = bisect_right(self._starts, place)
        return number - 1 if number else 0

    def scopes(self, start: int, end: int, kinds: Container[str] | None = None) -> list[Scope]:
        """The scopes that a span lies in, of all kinds or some, in the order of their cues."""
        if not self._parts:
            return []
        number = self.sentence(start)
        since = self._starts[number]
        found = self._parts[number].of(start - since, end - since, kinds)
        return [scope.moved(since) for scope in found]

    def certainty(self, start: int, end: int) -> Certainty:
        """How sure the text is of what a span says: the least sure cue that reaches it."""
        if not self._parts:
            return Certainty.DEFINITE
        number = bisect_right(self._starts, start) - 1
        if number < 0:
            number = 0
        since = self._starts[number]
        least = self._parts[number].certainty(start - since, end - since)
        listed = self._differential
        if listed and least > Certainty.POSSIBLE and any(a <= start < b for a, b in listed):
            return Certainty.POSSIBLE
        return least

    def says(self, kind: str, start: int, end: int) -> bool:
        """Whether a cue of a kind (`history`, `other_person`, `hypothetical`) reaches a span."""
        if not self._parts:
            return False
        number = bisect_right(self._starts, start) - 1
        if number < 0:
            number = 0
        since = self._starts[number]
        return self._parts[number].says(kind, start - since, end - since)

    def change(self, start: int, end: int) -> str | None:
        """How what a span says has changed since the examination before, if told."""
        return next((scope.kind for scope in self.scopes(start, end, CHANGES)), None)

    def changes(self) -> Iterator[tuple[str, int, int]]:
        """The cues that tell a change, with their spans."""
        for since, part in zip(self._starts, self._parts, strict=True):
            for line, start, end in part.changes:
                yield line["class"], since + start, since + end

    def _listed(self) -> Iterator[tuple[int, int]]:
        """Where the diagnoses listed under 鉴别诊断 stand."""
        for title in _DIFFERENTIAL.finditer(self.text):
            end = len(self.text)
            first = self.sentence(title.end()) + 1
            for number in range(first, min(first + 40, len(self.sentences))):
                start = self.sentences[number][0]
                if _TITLE.match(self.text, start):
                    end = start
                    break
            yield title.end(), end
