"""Negation, certainty, history, other persons, change: one scope engine for all kinds of text.

A cue (`mappings/text/cue.csv`) reaches to the right, to the left, or over the item before it,
within its sentence and within its brackets. The longest cue at a place counts: 不除外 is none of
除外, 未见明显变化 denies the change and not the finding.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator

from etl.notes.clause import Clauses
from etl.notes.fact import Certainty
from etl.notes.lexicon import Word, lexicon
from etl.notes.reach import Reach, Scope
from etl.notes.text import sentences

CHANGES = ("new", "larger", "smaller", "stable", "gone")
_CERTAINTY = {
    "negated": Certainty.NEGATED,
    "possible": Certainty.POSSIBLE,
    "probable": Certainty.PROBABLE,
    "hypothetical": Certainty.POSSIBLE,
    "gone": Certainty.NEGATED,
}
# Scopes of one kind and side hardly nest: that many before a place are looked at, so that a
# text with ten thousand cues takes time in proportion to its length.
_NEAR = 4
_MANY = 24
# 鉴别诊断 lists what is considered, asserts nothing, up to the next title.
_DIFFERENTIAL = re.compile(r"鉴别诊断\s*[::\n]")
_TITLE = re.compile(
    r"\s*(?:[一二三四五六七八九十]、)?(?:诊疗|治疗|诊断|处理|入院|初步|目前|辅助|病例|拟)[^,。:]{0,8}:"
)


class Context:
    """The scopes of every cue of one normal text; `cues` are the cues themselves, in order."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.sentences = list(sentences(text))
        self.cues: list[Word] = list(lexicon("cue").find(text)) if self.sentences else []
        self._starts = [start for start, _ in self.sentences]
        self._scopes: dict[tuple[str, str], tuple[list[int], list[Scope]]] = {}
        self._sure: dict[int, list[tuple[Scope, Certainty]]] = {}
        self._at = 0
        self._read()
        self._differential = list(self._listed())

    def sentence(self, place: int) -> int:
        """The number of the sentence that a place is in."""
        number = bisect_right(self._starts, place)
        return number - 1 if number else 0

    def scopes(self, start: int, end: int) -> list[Scope]:
        """The scopes that a span lies in, in the order of their cues."""
        found = [scope for key in self._scopes for scope in self._near(key, start, end)]
        return sorted(found, key=lambda scope: scope.cue)

    def certainty(self, start: int, end: int) -> Certainty:
        """How sure the text is of what a span says: the least sure cue that reaches it."""
        least = Certainty.DEFINITE
        scopes = self._sure.get(self.sentence(start), ())
        if len(scopes) > _MANY:
            near = [one for key in self._scopes for one in self._near(key, start, end)]
            scopes = [(one, _CERTAINTY.get(one.kind, least)) for one in near]
        for scope, sure in scopes:
            if sure < least and scope.covers(start, end):
                least = sure
        if least > Certainty.POSSIBLE and any(a <= start < b for a, b in self._differential):
            return Certainty.POSSIBLE
        return least

    def says(self, kind: str, start: int, end: int) -> bool:
        """Whether a cue of a kind (`history`, `other_person`, `hypothetical`) reaches a span."""
        return any(
            scope.covers(start, end)
            for side in ("right", "left")
            if (kind, side) in self._scopes
            for scope in self._near((kind, side), start, end)
        )

    def change(self, start: int, end: int) -> str | None:
        """How what a span says has changed since the examination before, if told."""
        return next((s.kind for s in self.scopes(start, end) if s.kind in CHANGES), None)

    def _near(self, key: tuple[str, str], start: int, end: int) -> Iterator[Scope]:
        cues, scopes = self._scopes[key]
        if key[1] == "right":
            number = bisect_right(cues, start)
            around = scopes[max(number - _NEAR, 0) : number]
        else:
            number = bisect_left(cues, start)
            around = scopes[max(number - 1, 0) : number + _NEAR]
        return (scope for scope in around if scope.covers(start, end))

    def _add(self, side: str, scope: Scope) -> None:
        cues, scopes = self._scopes.setdefault((scope.kind, side), ([], []))
        cues.append(scope.cue[0])
        scopes.append(scope)
        sure = _CERTAINTY.get(scope.kind)
        if sure is not None:
            self._sure.setdefault(self._at, []).append((scope, sure))

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

    def _read(self) -> None:
        clauses: Clauses | None = None
        reach = Reach(self.text, self.cues)
        until = 0
        for number, cue in enumerate(self.cues):
            line, place = cue.line, cue.start
            if line["scope"] == "none":
                continue
            if place >= until or clauses is None:
                self._at = self.sentence(place)
                start, until = self.sentences[self._at]
                if place >= until:
                    continue
                clauses = Clauses(self.text, start, until)
            frame = clauses.frame(place)
            clause = frame.before(place)
            if line["scope"] == "start" and self.text[clause:place].strip():
                continue
            for side, scope in reach.scopes(number, frame, clause):
                self._add(side, scope)
