"""The signs of a report in order: organs, lesions, natures, lengths, SUVs, numbers, changes.

A sign is what the walk over a report (`imaging.py`) stops at; everything else is the gap between.
"""

import functools
import re
from collections.abc import Iterator, Mapping
from operator import attrgetter

from etl.notes.context import Context
from etl.notes.lexicon import lexicon
from etl.notes.scopes import CHANGES, KEPT, LONGEST_KEPT
from etl.notes.size import Size, sizes

_SUV = re.compile(
    r"(?:SUV|标准(?:化)?摄取(?:值|率))[^\d,。;\n]{0,14}?(?:[:(][^\d,。;\n]{0,6})?"
    r"(?<![.\d])(\d{1,3}(?:\.\d{1,2})?)(?!\d|\.\d|\s?[cm枚个×])"
    r"((?:\s?[-~至、,及和]\s?\d{1,3}(?:\.\d{1,2})?(?![\d.]*\s?[cm枚个×]))*)"
    r"(?:\s?(?:[降升增减][低高至到为]{0,2}|→)\s?(\d{1,3}(?:\.\d{1,2})?))?"
)
_OTHER_SUV = re.compile(r"(?:前[片次]?|原|上次|延迟(?:显像)?|本底|参考)[^,。;]{0,4}$")
_DECIMAL = re.compile(r"\d+(?:\.\d+)?")
_COUNT = re.compile(
    r"([\d一二两三四五六七八九十单](?:(?<=\d)\d)?)\s?(?:枚|个|处|颗|粒|团)"
    r"(?!月|周|疗程|小时|层|区|体|半月|期|数)"
)
_NUMBER = re.compile(r"[\d一二两三四五六七八九十单]")
_COUNTS = {"单": 1, "两": 2} | {word: n for n, word in enumerate("一二三四五六七八九十", start=1)}
# T11 is a vertebra, T1WI and T3N2 are not; S6 of the liver is a segment.
_VERTEBRA = re.compile(
    r"(?=[胸腰颈骶CTLS])(?:[胸腰颈骶]\d{1,2}(?:\s?[\-~、,/及]\s?[胸腰颈骶]?\d{1,2}){0,8}(?=\s?椎)"
    r"|(?<![A-Za-z0-9长短等])[CTLS]\d{1,2}(?:\s?[\-~、,/及]\s?[CTLS]?\d{1,2}){0,8}"
    r"(?![\dA-Za-z.×*%]|\s?[WN期级分类区mc高低等长稍压像序加]|\s?段?肝|\s?/))"
)
_SEGMENT = re.compile(r"S[1-8](?:[、,/及\-~\s]{1,2}S?[1-8])*")
_LISTED = re.compile(r"S\d[^、,及]*")
_LUNG = re.compile("肺|叶")
_LIVER = ("肝", "叶")
_BONES = re.compile(r"椎|附件|骨|棘突|横突|椎弓")
_CHANGED = re.compile(
    r"(?=[较与明稍略部体数范短])(?:(?:较|与(?=[前上旧原老本我外\d]))[^,。;]{0,28}?"
    r"(?:(?P<stable>相仿|同前|一致|变化不|无明显变化|未见明显变化|无变化|无著变|未见变化|无显著变化|稳定|大致相同"
    r"|无明显改变|相似)"
    r"|(?P<smaller>缩小|减少|吸收|减小|变小|减轻|好转|退缩|变薄|变浅|减低|降低)"
    r"|(?P<larger>增大|增多|增厚|扩大|进展|饱满|增粗|变大|加重|增高|增宽|升高)"
    r"|(?P<gone>消失|基本消失)|(?P<new>新增|新发|新出现))"
    r"|(?:明显|稍|略|部分|体积|数目|范围|数量|短期内?)(?:有所|明显|稍)?"
    r"(?:(?P<s2>缩小|减少|退缩|吸收)|(?P<l2>增大(?!淋巴)|增多|扩大)))"
)
_UPTAKE = re.compile(r"(?:代谢|摄取)[^,。;、未不无]{1,8}?(?:增高|异常|活跃|浓聚)")
_GROUPS = {"s2": "smaller", "l2": "larger"}
_NOT_CHANGED = re.compile(r"[未无不](?:见|明显|明确|显著|再)*(?:明显|明确)?$")


_PLACE, _END = attrgetter("start"), attrgetter("end")


class Sign:
    """A sign: class, value and note as in `mappings/text/imaging.csv`, or what was measured."""

    __slots__ = ("end", "kind", "line", "number", "size", "start", "value")

    def __init__(
        self,
        kind: str,
        start: int,
        end: int,
        line: Mapping[str, str],
        size: Size | None = None,
        number: float = 0,
    ) -> None:
        self.kind = kind
        self.start = start
        self.end = end
        self.line = line
        self.value = line["value"]
        self.size = size
        self.number = number

    def moved(self, by: int) -> "Sign":
        """The same sign in a text in which its sentence begins at a place."""
        size = self.size.moved(by) if self.size else None
        return Sign(self.kind, self.start + by, self.end + by, self.line, size, self.number)

    @property
    def note(self) -> str:
        """Region of an organ, cause of a benign nature, flag of a lesion."""
        return self.line["note"]

    @property
    def word(self) -> str:
        """The word itself."""
        return self.line["word"]

    @property
    def site(self) -> str:
        """The organ that the word of a nature names (肺癌)."""
        return self.line["site"]


def line(value: str, word: str = "", note: str = "") -> dict[str, str]:
    """What a word of the lexicon would say of a sign that a pattern found."""
    return {"value": value, "note": note, "word": word, "site": ""}


_MEASURE = line("")
_CHANGE = {change: line(change) for change in CHANGES}


def signs(context: Context) -> list[Sign]:
    """The signs of a text, in order of place; a word within a length or a SUV is none."""
    text = context.text
    found = [
        sign.moved(start)
        for start, end in context.sentences
        for sign in (kept if end - start <= LONGEST_KEPT else _signs)(text[start:end])
    ]
    if others := [*_vertebrae(text), *_changes(context)]:
        found += others
        _sort(found)
    return found


def _signs(sentence: str) -> list[Sign]:
    """The signs that a sentence tells by itself, with places counted from its beginning."""
    found = [
        Sign(kind, start, end, word)
        for word, start, end in lexicon("imaging").scan(sentence)
        if (kind := word["class"]) != "adj"
    ]
    others = [*_uptake(sentence)]
    if _NUMBER.search(sentence):
        others += _measures(sentence)
    if others:
        found += others
        _sort(found)
    return found


def _sort(found: list[Sign]) -> None:
    """By place, of two at one place the longer first: the sort keeps the order of equals."""
    found.sort(key=_END, reverse=True)
    found.sort(key=_PLACE)


kept = functools.lru_cache(KEPT)(_signs)


def _measures(text: str) -> Iterator[Sign]:
    for size in sizes(text):
        yield Sign("size", size.start, size.end, _MEASURE, size)
    if "SUV" in text or "标准" in text:
        for suv in _SUV.finditer(text):
            if not _OTHER_SUV.search(text, max(suv.start() - 12, 0), suv.start()):
                yield Sign("suv", suv.start(), suv.end(), _MEASURE, None, _highest(suv))
    for count in _COUNT.finditer(text):
        number = _COUNTS.get(count[1]) or int(count[1])
        yield Sign("count", count.start(), count.end(), _MEASURE, None, number)


def _highest(suv: re.Match[str]) -> float:
    """The highest of a list or range; of a change the later one."""
    if suv[3]:
        return float(suv[3])
    return max(float(number) for number in (suv[1], *_DECIMAL.findall(suv[2])))


def _uptake(text: str) -> Iterator[Sign]:
    if "代谢" in text or "摄取" in text:
        for uptake in _UPTAKE.finditer(text):
            told = line("lesion", uptake[0], "feature")
            yield Sign("lesion", uptake.start(), uptake.end(), told)


def _vertebrae(text: str) -> Iterator[Sign]:
    bones = None
    for vertebra in _VERTEBRA.finditer(text):
        start, end = vertebra.span()
        near = text[end : end + 6]
        if text[start - 1 : start] in _LIVER or (
            _SEGMENT.fullmatch(vertebra[0]) and not _BONES.search(near)
        ):
            if "肝" in text[max(start - 120, 0) : end]:
                for part in _LISTED.finditer(text, start, end):
                    yield Sign("organ", part.start(), part.end(), line("liver", part[0]))
                continue
            if _LUNG.search(text, max(start - 8, 0), start):
                continue
        if bones is None:
            bones = _BONES.search(text) is not None
        if bones or _BONES.search(near):
            yield Sign("organ", start, end, line("bone", vertebra[0]))


def _changes(context: Context) -> Iterator[Sign]:
    text = context.text
    for told, start, end in context.changes():
        yield Sign("change", start, end, _CHANGE[told])
    for change in _CHANGED.finditer(text):
        name = change.lastgroup or ""
        start = change.start(name)
        if name in ("larger", "smaller", "l2", "s2") and _NOT_CHANGED.search(
            text, max(start - 8, 0), start
        ):
            name = "stable"
        yield Sign("change", change.start(), change.end(), _CHANGE[_GROUPS.get(name, name)])
