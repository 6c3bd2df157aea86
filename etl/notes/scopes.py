"""The scopes of every cue of one sentence. Sentences come again and again, so they are kept.

Most of a report is said in the words of the reports before it (双侧胸腔未见积液), so places are
counted from the beginning of the sentence.
"""

import functools
from bisect import bisect_left, bisect_right
from collections.abc import Container

from etl.notes.clause import Clauses
from etl.notes.fact import Certainty
from etl.notes.lexicon import Word, lexicon
from etl.notes.reach import Reach, Scope

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
# What is kept, and how long a sentence may be for it.
KEPT, LONGEST_KEPT = 4096, 120


class Scopes:
    """The scopes of the cues of one sentence; `cues` are the cues themselves, in order."""

    def __init__(self, text: str) -> None:
        self.cues: list[Word] = list(lexicon("cue").find(text))
        self.changes = [cue for cue in self.cues if cue.line["class"] in CHANGES]
        self._scopes: dict[tuple[str, str], tuple[list[int], list[Scope]]] = {}
        self._sure: list[tuple[Scope, Certainty]] = []
        self._kinds: set[str] = set()
        # Of many a sentence nothing is asked: it is parted into clauses when something is.
        self._unread = text if self.cues else ""

    def of(self, start: int, end: int, kinds: Container[str] | None = None) -> list[Scope]:
        """The scopes that a span lies in, of all kinds or some, in the order of their cues."""
        if self._unread:
            self._read()
        found = [
            scope
            for key in self._scopes
            if kinds is None or key[0] in kinds
            for scope in self._near(key, start, end)
        ]
        return sorted(found, key=lambda scope: scope.cue) if len(found) > 1 else found

    def says(self, kind: str, start: int, end: int) -> bool:
        """Whether a cue of a kind reaches a span."""
        if self._unread:
            self._read()
        if kind not in self._kinds:
            return False
        right, left = (kind, "right"), (kind, "left")
        return bool(
            (right in self._scopes and self._near(right, start, end))
            or (left in self._scopes and self._near(left, start, end))
        )

    def certainty(self, start: int, end: int) -> Certainty:
        """How sure the sentence is of what a span says: the least sure cue that reaches it."""
        if self._unread:
            self._read()
        least = Certainty.DEFINITE
        scopes = self._sure
        if len(scopes) > _MANY:
            near = [one for key in self._scopes for one in self._near(key, start, end)]
            scopes = [(one, _CERTAINTY.get(one.kind, least)) for one in near]
        for scope, sure in scopes:
            if sure < least and scope.covers(start, end):
                least = sure
        return least

    def _near(self, key: tuple[str, str], start: int, end: int) -> list[Scope]:
        cues, scopes = self._scopes[key]
        if key[1] == "right":
            until = bisect_right(cues, start)
            since = until - _NEAR
        else:
            number = bisect_left(cues, start)
            since, until = number - 1, number + _NEAR
        around = scopes[since if since > 0 else 0 : until]
        return [scope for scope in around if scope.covers(start, end)]

    def _add(self, side: str, scope: Scope) -> None:
        cues, scopes = self._scopes.setdefault((scope.kind, side), ([], []))
        cues.append(scope.cue[0])
        scopes.append(scope)
        self._kinds.add(scope.kind)
        sure = _CERTAINTY.get(scope.kind)
        if sure is not None:
            self._sure.append((scope, sure))

    def _read(self) -> None:
        text, self._unread = self._unread, ""
        clauses = Clauses(text)
        reach = Reach(text, self.cues)
        for number, cue in enumerate(self.cues):
            place, scope = cue.start, cue.line["scope"]
            if scope == "none":
                continue
            frame = clauses.frame(place)
            clause = frame.before(place)
            if scope == "start" and text[clause:place].strip():
                continue
            for side, found in reach.scopes(number, frame, clause):
                self._add(side, found)


kept = functools.lru_cache(KEPT)(Scopes)


def scopes(sentence: str) -> Scopes:
    """The scopes of a sentence; those of short ones are kept."""
    return kept(sentence) if len(sentence) <= LONGEST_KEPT else Scopes(sentence)
