"""What is told of a lesion: its size, uptake, number, and how it has changed.

What stands before the lesion's name ("直径约8mm的结节") waits for it within the clause.
"""

import re

from etl.notes.context import Context
from etl.notes.gather import MOST, Gather
from etl.notes.lesion import Lesion
from etl.notes.sign import Sign
from etl.notes.size import Size, further_axis

_OF_THOSE = re.compile(r"者|[最较]大|最厚|最深|处|分别")
_OTHER_ONE = re.compile(r"[^,。;大小最]{0,4}者[^,。;\d大小最]{0,6}(?:大小)?约?")
_BRACKET = re.compile(r"\((?:大小|直径)?约?")
# 3cm肿物,化疗后缩至1.2cm: the size now.
_NOW = re.compile(r"(?:[缩减增][小大]?[至到为]|→)\s?(?:目前|现在)?的?约?$")
# 数目无明显变化,体积略缩小 is smaller; some larger and some smaller is larger.
_OVER = {"stable": ("larger", "smaller"), "smaller": ("larger",)}
_ALL = re.compile(r"[均都皆][呈有已]?$")
# 余未见变化: of the others.
_OTHERS = re.compile(r"[,;。(]\s?(?:其?余|其他)[^,;。]{0,8}$")
# 2.4cm,较前缩小(3.1cm): what it was.
_FROM = re.compile(r"(?:缩小|增大|减小|增厚|变[大小])\($")
_AXES = 3
_NEAR = 12
# 原约2.1cm,SUVmax 9.3: what stands so near to an earlier size is as old.
_BESIDE = 3
# A fifth more or less is a change (RECIST 1.1), less is within what is measured.
_LESS, _MORE = 0.8, 1.2


class Measuring(Gather):
    """Gives measures to the lesions they are of."""

    measure: Size | None = None

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self.each: list[Lesion] = []
        self.was: Size | None = None
        self.past: Size | None = None

    def on_size(self, sign: Sign) -> None:
        """A length: of the lesion named before, or of the one that follows in the clause."""
        size = sign.size
        if size is None:
            return
        if size.earlier:
            self.past = size
            self._compare(size)
            return
        if self.passive and self._placed(sign):
            self._second(sign)
        of_those = self.passive or _OF_THOSE.search(self.text, max(sign.start - 12, 0), sign.start)
        if (not self.used and (not of_those or self._one_more(sign))) or not self.current:
            self._wait(sign)
            return
        self._measure(sign)

    def _placed(self, sign: Sign) -> bool:
        """Whether a length is of a second place told after 位于."""
        if not self.detail or self.measure is None or not self.current:
            return False
        if self.current[-1].negated or not self.current[-1].size:
            return False
        if not self.current[-1].start < self.measure.end <= self.detail[0].start:
            return False
        return _BRACKET.fullmatch(self.text, self.detail[-1].end, sign.start) is not None

    def _second(self, sign: Sign) -> None:
        """One more lesion like the current one, at the place told after 位于 (unnamed.py)."""
        raise NotImplementedError

    def _one_more(self, sign: Sign) -> bool:
        """S4段者1.3cm,S8段者0.8cm: of the other place, another lesion of those."""
        since = self.group[-1].end if self.group else sign.start
        other = _OTHER_ONE.fullmatch(self.text, since, sign.start)
        return other is not None and bool(self.current and self.current[-1].size)

    def on_suv(self, sign: Sign) -> None:
        """A standardised uptake value: the highest told, but not that of the size before."""
        past = self.past.end if self.past else sign.start - _BESIDE - 1
        if 0 <= sign.start - past <= _BESIDE and ")" not in self.text[past : sign.start]:
            return
        if not self.current or not self.used:
            self._wait(sign)
            return
        for lesion in self.current:
            lesion.suv = max(sign.number, lesion.suv or 0)
            lesion.reach(sign.end)

    def _compare(self, earlier: Size) -> None:
        """The size before tells how it has changed, where no word does."""
        now = next((one for one in self.current if one.size and not one.negated), None)
        if now is None or not self.used:
            self.was = earlier
        elif now.trend is None:
            now.trend = _trend(max(earlier.mm), max(now.size))

    def _wait(self, sign: Sign) -> None:
        if len(self.pending) < MOST:
            self.pending.append(sign)

    def on_quantity(self, sign: Sign) -> None:
        """多发, 数枚: several."""
        self._wait(sign)

    def on_count(self, sign: Sign) -> None:
        """两枚: how many."""
        self._wait(sign)

    def on_largest(self, sign: Sign) -> None:
        """较大者: what follows is still the lesion before."""
        if self.current and not self.used:
            self.group, self.used = self.last or self.group, True

    def on_change(self, sign: Sign) -> None:
        """较前增大: against the examination before."""
        if not self.current and self.used and self.before:
            start = self.context.sentences[self.sentence][0]
            if sign.start - start <= 1 and self.text[sign.start] in "与较比":
                # ...结节;与前片比较新出现: of the lesion of the clause before.
                self.current = [one for one in self.before[-1:] if one.trend is None]
        if not self.current or (sign.value == "new" and (self.side or not self.used)):
            self._wait(sign)
            return
        others = _OTHERS.search(self.text, max(sign.start - 12, 0), sign.start)
        if others and not any(one.start >= others.start() for one in self.current):
            return
        changed = self.current
        if _ALL.search(self.text, max(sign.start - 4, 0), sign.start):
            told = [one for one in self.lesions[-8:] if one.sentence == self.sentence]
            changed = [one for one in told if not one.negated] or changed
        for lesion in changed:
            if lesion.trend is None or sign.value in _OVER.get(lesion.trend, ()):
                lesion.trend = sign.value
                lesion.reach(sign.start)

    def _measure(self, sign: Sign) -> None:
        """Of several organs with one noun, the size is the first one's."""
        size = sign.size
        one = next((lesion for lesion in self.current if not lesion.negated), None)
        one = next((lesion for lesion in self.each if not lesion.size), one)
        if size is None or one is None:
            return
        side = self.sided(sign.start)[0] if self.side else None
        if one.size and _FROM.search(self.text, max(sign.start - 6, 0), sign.start):
            return
        if one.size and _NOW.search(self.text, max(sign.start - 6, 0), sign.start):
            one.trend, one.size = _trend(max(one.size), max(size.mm)), size.mm
        elif not one.size:
            one.size, one.limit = size.mm, size.limit
            one.short = size.mm[0] if size.short else None
        elif (
            len(one.size) < _AXES
            and self.measure
            and not size.short
            and (further_axis(self.text, self.measure, size))
        ):
            one.size = (*one.size, *size.mm)
        elif len(size.mm) == 1 and len(one.size) == 1 and size.short and one.short is None:
            one.short, one.size = size.mm[0], (*one.size, *size.mm)
        elif one.short is not None and len(one.size) == 1 and not size.short:
            one.size = (*size.mm, *one.size)
        else:
            self._further(one, size)
        one.reach(sign.end)
        one.side = one.side or side
        if self.was and one.trend is None and sign.start - self.was.end < _NEAR:
            one.trend = _trend(max(self.was.mm), max(size.mm))
        self.was = None
        self.measure = size

    def _further(self, lesion: Lesion, size: Size) -> None:
        """A second length of the same words: of a wall its other one, else the larger counts."""
        if lesion.kind == "thickening" and len(size.mm) == len(lesion.size) == 1:
            lesion.size = tuple(sorted((*lesion.size, *size.mm), reverse=True))
        elif max(size.mm) > max(lesion.size):
            lesion.size = size.mm
            lesion.short = size.mm[0] if size.short else None

    def take(self) -> None:
        """What was told before the lesion was named."""
        waiting, self.pending = self.pending, []
        for sign in waiting:
            self.give(sign)

    def share(self, made: list[Lesion]) -> None:
        """What was measured of each place goes to the lesion there."""
        waiting, self.pending = self.pending, []
        for sign in waiting:
            self.current = [one for one in made if one.start <= sign.start][-1:]
            self.give(sign)
        self.current = made

    def give(self, sign: Sign) -> None:
        """Give what was told to the lesions the words now speak of."""
        if sign.kind == "size":
            self._measure(sign)
            return
        for lesion in self.current:
            if sign.kind == "suv":
                lesion.suv = max(sign.number, lesion.suv or 0)
            elif sign.kind == "quantity":
                lesion.multiple = True
            elif sign.kind == "count" and lesion.number is None:
                lesion.number = int(sign.number)
            elif sign.kind == "change" and lesion.trend is None:
                lesion.trend = sign.value


def _trend(before: float, now: float) -> str:
    if now >= before * _MORE:
        return "larger"
    return "smaller" if now <= before * _LESS else "stable"
