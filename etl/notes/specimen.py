"""Where tissue came from, or where else a text places something: site, side, region of a node."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from etl.notes.lexicon import lexicon

# What a side may be parted by from the organ: 左侧颈部, 右中下肺, 鼻咽（左侧壁）.
_NEAR = r"[侧部区中上下外内后前段叶壁枚个根缘顶底深浅组Ⅰ-Ⅵ\dIVTSLCab]"
_BEFORE = re.compile(rf"([左右双两])侧?{_NEAR}{{0,3}}$")
_AFTER = re.compile(rf"[部区癌瘤肿块物]{{0,2}}\(?([左右双])(?={_NEAR})")
_SIDES = {"左": "left", "右": "right", "双": "both", "两": "both"}
# 第7组, 4R: the stations of the mediastinum; T8, S8: vertebrae and liver segments.
_STATION = re.compile(r"第?(?:[2-9]|1[0-4])[RL]?组(?:淋巴结)?|(?<![A-Za-z\d])[TLC]\d{1,2}(?=椎|穿|活)")


@dataclass(frozen=True)
class Site:
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


def sites(text: str, start: int = 0, end: int | None = None) -> Iterator[Site]:
    """The sites told in a stretch of a normal text, in order."""
    end = len(text) if end is None else end
    part = text[start:end]
    last = 0
    for word in lexicon("specimen_site").find(part):
        for station in _stations(part, last, word.start):
            yield Site(station[0], start + station[1], start + station[2])
        last = word.end
        if not word.line["site"]:
            continue
        yield _sided(part, start, word.line, word.start, word.end)
    for station in _stations(part, last, len(part)):
        yield Site(station[0], start + station[1], start + station[2])


def _stations(part: str, start: int, end: int) -> Iterator[tuple[str, int, int]]:
    if end - start < 2:
        return
    for found in _STATION.finditer(part, start, end):
        yield "mediastinum" if "组" in found[0] else "bone", found.start(), found.end()


def _sided(part: str, offset: int, line: dict[str, str], start: int, end: int) -> Site:
    word = part[start:end]
    side = next((_SIDES[sign] for sign in word if sign in "左右双"), None)
    first, last = start, end
    if not side:
        if before := _BEFORE.search(part, max(start - 6, 0), start):
            side, first = _SIDES[before[1]], before.start()
        elif after := _AFTER.match(part, end):
            side = _SIDES[after[1]]
            last = after.end() if "(" not in after[0] else end
    return Site(line["site"], offset + first, offset + last, side, line["region"] or None)
