"""The clauses of a sentence: where commas, colons, question marks and brackets part it.

What stands in brackets is a frame of its own: its commas do not part the sentence around it, and
a cue in it does not reach out of it. A bracket without its other half is no bracket.
"""

import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field

_SIGN = re.compile(
    r"(?=[,:?()\[\]{}【】<>《》\s])(?:[?()\[\]{}【】<>《》]|[,:](?!\d)|(?<!\d),|\s\s+)"
)
_OPEN = {"(": ")", "[": "]", "{": "}", "【": "】", "<": ">", "《": "》"}
_CLOSE = frozenset(_OPEN.values())
_BRACKETS = _CLOSE | frozenset(_OPEN)


@dataclass(slots=True)
class Frame:
    """A sentence, or what stands between two brackets of it; `breaks` are its commas' spans."""

    start: int
    end: int
    outer: "Frame | None" = None
    breaks: list[int] = field(default_factory=list)
    ends: list[int] = field(default_factory=list)

    def before(self, place: int) -> int:
        """Where the clause that a place is in begins."""
        number = bisect_right(self.ends, place)
        return self.ends[number - 1] if number else self.start

    def after(self, place: int) -> int:
        """Where the clause that a place is in ends."""
        number = bisect_left(self.breaks, place)
        return self.breaks[number] if number < len(self.breaks) else self.end

    def next(self, place: int) -> tuple[int, int] | None:
        """The clause after the one that ends at a comma; None after the last."""
        number = bisect_left(self.breaks, place)
        if number >= len(self.breaks):
            return None
        start = self.ends[number]
        return start, self.after(start)


class Clauses:
    """The frames of one sentence, found in one pass."""

    def __init__(self, text: str) -> None:
        signs = list(_SIGN.finditer(text))
        frame = Frame(0, len(text))
        self._marks = [0]
        self._frames = [frame]
        closes = _pairs(signs)
        if not closes:
            plain = [sign for sign in signs if sign[0] not in _BRACKETS]
            frame.breaks = [sign.start() for sign in plain]
            frame.ends = [sign.end() for sign in plain]
            return
        for number, sign in enumerate(signs):
            close = closes.get(number)
            if close is None:
                if sign[0] not in _BRACKETS:
                    frame.breaks.append(sign.start())
                    frame.ends.append(sign.end())
                continue
            if close < 0:
                frame = frame.outer or frame
                self._marks.append(sign.end())
            else:
                frame = Frame(sign.end(), signs[close].start(), frame)
                self._marks.append(sign.end())
            self._frames.append(frame)

    def frame(self, place: int) -> Frame:
        """The innermost frame that a place is in."""
        if len(self._frames) == 1:
            return self._frames[0]
        return self._frames[max(bisect_right(self._marks, place) - 1, 0)]


def _pairs(signs: list[re.Match[str]]) -> dict[int, int]:
    """The number of the closing sign by that of the opening one, and -1 by the closing one."""
    pairs: dict[int, int] = {}
    waiting: list[tuple[int, str]] = []
    for number, sign in enumerate(signs):
        if sign[0] in _OPEN:
            waiting.append((number, _OPEN[sign[0]]))
        elif sign[0] in _CLOSE and waiting and waiting[-1][1] == sign[0]:
            opening, _ = waiting.pop()
            pairs[opening] = number
            pairs[number] = -1
    return pairs
