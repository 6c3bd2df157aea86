"""How far a cue reaches: over what of its sentence a denial, a doubt or a history speaks."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from etl.notes.clause import Frame
from etl.notes.lexicon import Word
from etl.notes.statement import bare, ends_list, property_only, restart

_ALL = re.compile(r"[均都皆俱][为呈]?\s*$")
# What is to be ruled out (建议胸片排除肺炎) is not ruled out.
_TO_DO = re.compile("建议|完善|进一步|必要|拟|为了?|以|请|需")
# 女儿代述: who tells is not who is ill.
_TELLS = re.compile(
    r"[(:]?[^,。;:\s]{0,3}?(?:接听|代?[诉述](?!讼)|告知|告诉|[口自]述|称|来电|回电|电话|说|反映|转告|转述|回复|反馈|陪同|签字|签署|要求|拒绝|同意|表示|商议|联系|代为|在场)"
)
_BESIDE = re.compile(r"(?:患者|病人|本人)(?:及|和|与|、)其?$")
_ADVERB = re.compile(r"(?:较前|已|明显|逐渐|基本|完全|现|大致){1,3}$")
_MARK = re.compile(r"\([+-]{1,4}\)|[阴阳]性|正常")
_SAYS = re.compile(r"可见|见有?|[CTR]示|提示|伴有?|考虑|较前[^,]{2}")
# How far back a cue reaches at most, in characters, and 均 in items.
_FAR = 120
_ITEMS = 12


class Scope(NamedTuple):
    """What a cue of a class says about a stretch of text; `cue` is the cue's own span."""

    kind: str
    start: int
    end: int
    cue: tuple[int, int]

    def covers(self, start: int, end: int) -> bool:
        """Whether a span lies in the scope; a word that holds the cue itself (无力) does not."""
        return self.start <= start and end <= self.end and not start <= self.cue[0] < end

    def moved(self, by: int) -> "Scope":
        """The same scope in a text in which its sentence begins at a place."""
        start, end = self.cue
        return Scope(self.kind, self.start + by, self.end + by, (start + by, end + by))


class Reach:
    """The reach of the cues of one sentence."""

    def __init__(self, text: str, cues: list[Word]) -> None:
        self.text = text
        self.cues = cues

    def scopes(self, number: int, frame: Frame, clause: int) -> Iterator[tuple[str, Scope]]:
        """A cue's scopes: to both sides where a denial names only a property (未见肿大)."""
        cue = self.cues[number]
        kind, reach = cue.line["class"], cue.line["scope"]
        if cue.line["word"] in ("排除", "除外") and _TO_DO.search(self.text, clause, cue.start):
            kind = "possible"
        if kind == "other_person" and (
            _TELLS.match(self.text, cue.end)
            or _BESIDE.search(self.text, max(cue.start - 6, 0), cue.start)
        ):
            return
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
                of_property = kind == "negated" and property_only(free)
                end = self._right(number, kind, after, frame, of_property)
                yield "right", Scope(kind, cue.start, end, span)
                left = kind == "new" or of_property
            else:
                left = True
        if left:
            since = self._left(reach, clause, cue, frame)
            if kind == "possible" and self._weighed(number, since):
                # 考虑转移可能 is what the report thinks.
                kind = "probable"
            yield "left", Scope(kind, since, cue.end, span)

    def _weighed(self, number: int, since: int) -> bool:
        """Whether 考虑 stands just before the words that 可能 reaches back over."""
        cue, before = self.cues[number], self.cues[number - 1] if number else None
        return (
            before is not None
            and self.text[cue.start : cue.end].endswith("可能")
            and before.line["class"] == "probable"
            and before.end >= since
            and "," not in self.text[before.end : cue.start]
        )

    def _following(self, number: int) -> int:
        """Where the next cue begins."""
        return self.cues[number + 1].start if number + 1 < len(self.cues) else len(self.text)

    def _right(self, number: int, kind: str, start: int, frame: Frame, of_property: bool) -> int:
        """How far to the right: history and persons to the end, a denial over bare items only."""
        if kind in ("history", "other_person"):
            return frame.end
        clause_end = frame.after(start)
        end = self._stop(number, kind, clause_end)
        if kind != "negated" or end != clause_end or of_property:
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
            if its == "stop" or (reach in ("right", "both") and its == kind):
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
            before = _ADVERB.sub("", before)
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
