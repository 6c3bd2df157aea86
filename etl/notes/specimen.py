"""Where tissue came from, or where else a text places something: site, side, region of a node."""

import functools
import re
from bisect import bisect_left
from typing import NamedTuple

from etl.notes.lexicon import lexicon

# What a side may be parted by from the organ: 左侧颈部, 右中下肺, 鼻咽（左侧壁）.
_NEAR = r"[侧部区中上下外内后前段叶壁枚个根缘顶底深浅组Ⅰ-Ⅵ\dIVTSLCab]"
_BEFORE = re.compile(rf"([左右双两])侧?{_NEAR}{{0,3}}$")
_AFTER = re.compile(rf"[部区癌瘤肿块物]{{0,2}}\(?([左右双])(?={_NEAR})")
_HINT = re.compile(
    r"[TLC腰胸骶组](?:(?<=[TLC])(?=\d{1,2}(?:椎|穿|活|转移|病灶|骨|附件|\(\d\d))"
    r"|(?<=[腰胸骶])(?=[1-9])|(?<=[\dRL]组))"
)
_SIDES = {"左": "left", "右": "right", "双": "both", "两": "both"}
# 第7组, 4R: the stations of the mediastinum; T8, S8: vertebrae and liver segments.
_STATION = re.compile(
    r"第?(?:[2-9]|1[0-4])[RL]?(?:\+\d{1,2}[RL]?){0,3}组(?:淋巴结)?|[腰胸骶][1-9]\d?(?![\d.天日周月年次级])|(?<![A-Za-z\d])[TLC]\d{1,2}(?=椎|穿|活|转移|病灶|骨|附件|\(\d\d)"
)


class Site(NamedTuple):
    """A site where it stands; the span takes in the words of its side."""

    name: str
    start: int
    end: int
    side: str | None = None
    region: str | None = None

    def same(self, other: "Site") -> bool:
        """Whether both may be one place: nothing that both tell differs."""
        return (
            self.name == other.name
            and (not self.side or not other.side or self.side == other.side)
            and (not self.region or not other.region or self.region == other.region)
        )

    def detail(self, text: str) -> dict[str, str | None]:
        """What a fact says of it."""
        return {"site_text": text[self.start : self.end], "side": self.side, "region": self.region}


def sites(text: str, start: int = 0, end: int | None = None) -> list[Site]:
    """The sites told in a stretch of a normal text, in order."""
    last = len(text) if end is None else end
    starts, found = _words(text)
    result = []
    for number in range(bisect_left(starts, start), len(found)):
        name, region, first, until = found[number]
        if first >= last:
            break
        if until <= last:
            result.append(_sided(text, name, region, first, until))
    return result


@functools.lru_cache(maxsize=4)
def _words(text: str) -> tuple[list[int], list[tuple[str, str | None, int, int]]]:
    """The words for sites of a whole text with their starts: many rules ask for them."""
    found = [
        (line["site"], line["region"] or None, start, end)
        for line, start, end in lexicon("specimen_site").scan(text)
        if line["site"]
    ]
    stations = list(_STATION.finditer(text)) if _HINT.search(text) else []
    taken = {place for word in (found if stations else ()) for place in range(word[2], word[3])}
    for station in stations:
        first, last = station.span()
        if taken.isdisjoint(range(first, last)):
            found.append(("mediastinum" if "组" in station[0] else "bone", None, first, last))
    found.sort(key=lambda word: word[2])
    return [word[2] for word in found], found


def _sided(part: str, name: str, region: str | None, start: int, end: int) -> Site:
    word = part[start:end]
    side = next((_SIDES[sign] for sign in word if sign in "左右双"), None)
    first, last = start, end
    if not side:
        if before := _BEFORE.search(part, max(start - 6, 0), start):
            side, first = _SIDES[before[1]], before.start()
        elif after := _AFTER.match(part, end):
            side = _SIDES[after[1]]
            last = after.end() if "(" not in after[0] else end
    return Site(name, first, last, side, region)
