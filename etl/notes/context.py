"""Negation, certainty, history, other persons, change: one scope engine for all kinds of text.

A cue (`mappings/text/cue.csv`) reaches to the right, to the left, or over the item before it,
within its sentence and within its brackets. The longest cue at a place counts: 不除外 is none of
除外, 未见明显变化 denies the change and not the finding.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass

from etl.notes.clause import Clauses, Frame
from etl.notes.fact import Certainty
from etl.notes.lexicon import Word, lexicon
from etl.notes.statement import bare, ends_list, property_only, restart
from etl.notes.text import sentences

CHANGES = ("new", "larger", "smaller", "stable", "gone")
_CERTAINTY = {
    "negated": Certainty.NEGATED,
    "possible": Certainty.POSSIBLE,
    "probable": Certainty.PROBABLE,
    "hypothetical": Certainty.POSSIBLE,
}
_ALL = re.compile(r"[均都皆俱][为呈]?\s*$")
_MARK = re.compile(r"\([+-]{1,4}\)|[阴阳]性|正常")
_SAYS = re.compile(r"可见|见有?|[CTR]示|提示|伴有?|考虑|较前[^,]{2}")
# How far back a cue reaches at most, in characters, and 均 in items.
_FAR = 120
_ITEMS = 12
# Scopes of one kind and side hardly nest: that many before a place are looked at, so that a
# text with ten thousand cues takes time in proportion to its length.
_NEAR = 4
_MANY = 24
# 鉴别诊断 lists what is considered, asserts nothing, up to the next title.
_DIFFERENTIAL = re.compile(r"鉴别诊断\s*[::\n]")
_TITLE = re.compile(
    r"\s*(?:[一二三四五六七八九十]、)?(?:诊疗|治疗|诊断|处理|入院|初步|目前|辅助|病例|拟)[^,。:]{0,8}:"
)


@dataclass(frozen=True, slots=True)
class Scope:
    """What a cue of a class says about a stretch of text; `cue` is the cue's own span."""

    kind: str
    start: int
    end: int
    cue: tuple[int, int]

    def covers(self, start: int, end: int) -> bool:
        """Whether a span lies in the scope; a word that holds the cue itself (无力) does not."""
        return self.start <= start and end <= self.end and not start <= self.cue[0] < end


class Context:
    """The scopes of every cue of one normal text; `cues` are the cues themselves, in order."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.sentences = list(sentences(text))
        self.cues: list[Word] = list(lexicon("cue").find(text)) if self.sentences else []
        self._starts = [start for start, _ in self.sentences]
        self._scopes: dict[tuple[str, str], tuple[list[int], list[Scope]]] = {}
        self._sure: dict[int, list[tuple[Scope, Certainty]]] = {}
        self._read()
        self._differential = list(self._listed())

    def sentence(self, place: int) -> int:
        """The number of the sentence that a place is in."""
        return max(bisect_right(self._starts, place) - 1, 0)

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
            True
            for key in self._scopes
            if key[0] == kind
            for _ in self._near(key, start, end)
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
            self._sure.setdefault(self.sentence(scope.cue[0]), []).append((scope, sure))

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
        last = -1
        until = 0
        for number, cue in enumerate(self.cues):
            kind, reach = cue.line["class"], cue.line["scope"]
            if reach == "none":
                continue
            sentence = self.sentence(cue.start)
            if sentence != last or clauses is None:
                last = sentence
                start, until = self.sentences[sentence]
                clauses = Clauses(self.text, start, until)
            if cue.start >= until:
                continue
            frame = clauses.frame(cue.start)
            clause = frame.before(cue.start)
            if reach == "start" and self.text[clause : cue.start].strip():
                continue
            self._reach(number, cue, kind, reach, frame, clause)

    def _reach(
        self, number: int, cue: Word, kind: str, reach: str, frame: Frame, clause: int
    ) -> None:
        """Add a cue's scopes: to both sides where a denial names only a property (未见肿大)."""
        span = (cue.start, cue.end)
        after = cue.end
        while after < frame.end and self.text[after] in ": 的":
            after += 1
        clause_end = frame.after(after)
        following = self._following(number)
        free = self.text[after : min(clause_end, following)].strip()
        left = reach in ("left", "item_left")
        if reach in ("right", "both", "start"):
            if free or (clause_end > following and reach != "both"):
                end = self._right(number, kind, after, frame)
                self._add("right", Scope(kind, cue.start, end, span))
                left = kind == "new" or (kind == "negated" and property_only(free))
            else:
                left = True
        if left:
            since = self._left(reach, clause, cue, frame)
            self._add("left", Scope(kind, since, cue.end, span))

    def _following(self, number: int) -> int:
        """Where the next cue begins."""
        return self.cues[number + 1].start if number + 1 < len(self.cues) else len(self.text)

    def _right(self, number: int, kind: str, start: int, frame: Frame) -> int:
        """How far to the right: history and persons to the end, a denial over bare items only."""
        if kind in ("history", "other_person"):
            return frame.end
        clause_end = frame.after(start)
        end = self._stop(number, kind, clause_end)
        if kind != "negated" or end != clause_end:
            return end
        each = self._denied_before(number, frame)
        reached, closed = end, False
        following = frame.next(end)
        while following:
            start, end = following
            while number < len(self.cues) and self.cues[number].start < start:
                number += 1
            if number < len(self.cues) and self.cues[number].start < end:
                closed = self.cues[number].line["class"] == "negated"
                break
            item = self.text[start:end]
            if not bare(item):
                break
            reached, closed = end, closed or ends_list(item)
            following = frame.next(end)
        # 无A,无B,C: each has a denial of its own, C has none; but 无A,B,无C and 无A,无B,C等.
        return clause_end if each and not closed else reached

    def _stop(self, number: int, kind: str, end: int) -> int:
        """Where a scope ends before its clause does: at 但, 可见, or at the next of its kind."""
        first = self.cues[number].end
        for cue in self._after(number):
            if cue.start >= end:
                break
            its, reach = cue.line["class"], cue.line["scope"]
            if its == "stop" or reach in ("right", "both") and its == kind:
                return cue.start
            if kind == "negated" and its == "probable" and reach == "right" and cue.start > first:
                return cue.start
        return end

    def _after(self, number: int) -> Iterator[Word]:
        return (self.cues[later] for later in range(number + 1, len(self.cues)))

    def _denied_before(self, number: int, frame: Frame) -> bool:
        """Whether the clause before has a denial of its own at its beginning."""
        clause = frame.before(self.cues[number].start)
        if number == 0 or clause == frame.start:
            return False
        before = self.cues[number - 1]
        return (
            before.line["class"] == "negated"
            and before.line["scope"] == "right"
            and frame.before(before.start) == before.start
            and (frame.next(before.end) or (clause,))[0] == clause
        )

    def _left(self, reach: str, clause: int, cue: Word, frame: Frame) -> int:
        """How far to the left: the clause, or the items before the cue up to another statement."""
        place = cue.start
        if place == frame.start and frame.outer and not self.text[cue.end : frame.end].strip():
            # (待排) speaks of what stands before its brackets.
            frame = frame.outer
            place = max(place - 1, frame.start)
            clause = frame.before(place)
        since = max(clause, place - _FAR)
        before = self.text[since:place]
        if reach == "item_left":
            if _ALL.search(before):
                return self._all(since, frame)
            marks = [mark.end() for mark in _MARK.finditer(before)]
            return since + max(restart(before), marks[-1] if marks else 0)
        if cue.line["class"] in ("possible", "probable"):
            verbs = [verb.end() for verb in _SAYS.finditer(before)]
            return since + (verbs[-1] if verbs else 0)
        return since

    def _all(self, clause: int, frame: Frame) -> int:
        """The first of the bare clauses that 均 sums up."""
        for _ in range(_ITEMS):
            before = frame.before(clause - 1) if clause > frame.start else clause
            if before >= clause or not bare(self.text[before : clause - 1]):
                break
            clause = before
        return clause
