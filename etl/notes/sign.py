"""The signs of a report in order: organs, lesions, natures, lengths, SUVs, numbers, changes.

A sign is what the walk over a report (`imaging.py`) stops at; everything else is the gap between.
"""

import functools
import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping
from operator import attrgetter, itemgetter

from etl.notes.change import changes, may_change, of_a_property
from etl.notes.context import Context
from etl.notes.lexicon import lexicon
from etl.notes.scopes import CHANGES, KEPT, LONGEST_KEPT
from etl.notes.size import Size, sizes

_SUV = re.compile(
    r"(?:SUV|标准(?:化)?摄取(?:值|率))[^\d,。;\n]{0,14}?(?:[:(][^\d,。;\n]{0,6})?"
    r"(?<![.\d])(\d{1,3}(?:\.\d{1,2})?)(?!\d|\.\d|\s?[cm枚个×])"
    r"((?:\s?[-~至、,及和]\s?\d{1,3}(?:\.\d{1,2})?(?![\d.]*\s?[cm枚个×]))*)"
    r"(?:\s?(?:[降升增减变下][低高降升至到为]{0,3}|→)\s?约?(\d{1,3}(?:\.\d{1,2})?))?"
)
_OTHER_SUV = re.compile(
    r"(?:原[^,。;()约为]{1,12}\(|前[片次]?|原|上次|延迟(?:显像)?|本底|参考)[^,。;]{0,4}$"
)
_DECIMAL = re.compile(r"\d+(?:\.\d+)?")
_COUNT = re.compile(
    r"([\d一二两三四五六七八九十单](?:(?<=\d)\d)?)\s?(?:枚|个|处|颗|粒|团)"
    r"(?!月|周|疗程|小时|层|区|体|半月|期|数)"
)
_NUMBER = re.compile(r"[\d一二两三四五六七八九十单]")
_COUNTS = {"单": 1, "两": 2} | {word: n for n, word in enumerate("一二三四五六七八九十", start=1)}
# T11 is a vertebra, T1WI and T3N2 are not; S6 of the liver is a segment.
_VERTEBRA = re.compile(
    r"(?=[胸腰颈骶CTLS])(?:[胸腰颈骶]\d{1,2}(?:\s?[\-~、,/及]\s?[胸腰颈骶]?\d{1,2}){0,8}(?=\s?椎(?!间))"
    r"|(?<![A-Za-z0-9长短等])[CTLS]\d{1,2}(?:\s?[\-~、,/及]\s?[CTLS]?\d{1,2}){0,8}"
    r"(?![\dA-Za-z.×*%]|\s?[WN期级分类区mc高低等长稍压像序加]|\s?段?肝|[^,。;]{0,8}椎?间盘|\s?/))"
)
_SEGMENT = re.compile(r"S[1-8](?:[、,/及\-~\s]{1,2}S?[1-8])*")
_LISTED = re.compile(r"S\d[^、,及]*")
_LUNG = re.compile("肺|叶")
_LIVER = ("肝", "叶")
_BONES = re.compile(r"椎|附件|骨|棘突|横突|椎弓")
_UPTAKE = re.compile(r"(?:代谢|摄取)[^,。;、未不无]{1,8}?(?:增高|异常|活跃|浓聚)")
# A shadow by what it is made of: 斑片状模糊影, 结节样稍高密度灶.
_SHADOW = re.compile(
    r"(?:斑片?|片|絮|云|团|块|棉|磨玻璃|毛玻璃|网格?|蜂窝|条|点|粟粒|结节|肿块|囊|类?圆形|卵圆|不规则|环|弧|楔|实性?"
    r"|混[合杂]|密度|软组织|信号|透[亮光]|模糊|渗出|[高低等稍略]|增[高强]|减[低弱]|强化|异常|[状样性形]){2,14}[影灶]$"
)
_MARK, _LONGEST = re.compile("[影灶]"), 20
_MASSIVE = re.compile("团块|肿块|块状")


# By place, of two at one place the longer first: a sort keeps the order of equals.
_PLACE, _END = itemgetter(1), itemgetter(2)
_START, _STOP = attrgetter("start"), attrgetter("end")


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


# What a sign is made of: kind, start, end, line, size, number.
_Parts = tuple[str, int, int, Mapping[str, str], Size | None, float]


def signs(context: Context) -> list[Sign]:
    """The signs of a text, in order of place; a word within a length or a SUV is none."""
    text = context.text
    found: list[Sign] = []
    for since, end in context.sentences:
        short = end - since <= LONGEST_KEPT
        for kind, start, stop, said, size, number in (kept if short else _signs)(text[since:end]):
            moved = size.moved(since) if size else None
            found.append(Sign(kind, start + since, stop + since, said, moved, number))
    others = [Sign(*parts) for parts in _vertebrae(text)]
    others += [
        Sign("change", start, end, _CHANGE[told])
        for told, start, end in context.changes()
        if told != "larger" or not of_a_property(text, start)
    ]
    if others:
        found += others
        found.sort(key=_STOP, reverse=True)
        found.sort(key=_START)
    return found


def _parts(kind: str, start: int, end: int, said: Mapping[str, str], number: float = 0) -> _Parts:
    return kind, start, end, said, None, number


def _signs(sentence: str) -> list[_Parts]:
    """The signs that a sentence tells by itself, with places counted from its beginning."""
    words = lexicon("imaging").scan(sentence)
    found: list[_Parts] = [
        (kind, start, end, word, None, 0)
        for word, start, end in words
        if (kind := word["class"]) != "adj"
    ]
    others: list[_Parts] = []
    if "代谢" in sentence or "摄取" in sentence:
        others += _uptake(sentence)
    if "影" in sentence or "灶" in sentence:
        others += _shadows(sentence, words)
    if may_change(sentence):
        others += [_parts("change", a, b, _CHANGE[told]) for told, a, b in changes(sentence)]
    if _NUMBER.search(sentence):
        others += _measures(sentence)
    if others:
        found += others
        _sort(found)
    return found


def _shadows(text: str, words: list[tuple[dict[str, str], int, int]]) -> Iterator[_Parts]:
    """Shadows that are no word of the lexicon."""
    ends = [last for _, _, last in words]
    for mark in _MARK.finditer(text):
        end = mark.end()
        number = bisect_left(ends, end)
        if number < len(words) and words[number][1] < end:
            continue
        shadow = _SHADOW.search(text, max(end - _LONGEST, 0), end)
        if shadow is None:
            continue
        start = shadow.start()
        kind = "nodule" if "结节" in shadow[0] else "lesion"
        kind = "mass" if _MASSIVE.search(shadow[0]) else kind
        yield _parts("lesion", start, end, line(kind, shadow[0]))


def _sort(found: list[_Parts]) -> None:
    """By place, of two at one place the longer first: the sort keeps the order of equals."""
    found.sort(key=_END, reverse=True)
    found.sort(key=_PLACE)


kept = functools.lru_cache(KEPT)(_signs)


def _measures(text: str) -> Iterator[_Parts]:
    for size in sizes(text):
        yield "size", size.start, size.end, _MEASURE, size, 0
    if "SUV" in text or "标准" in text:
        for suv in _SUV.finditer(text):
            if not _OTHER_SUV.search(text, max(suv.start() - 16, 0), suv.start()):
                yield _parts("suv", suv.start(), suv.end(), _MEASURE, _highest(suv))
    for count in _COUNT.finditer(text):
        number = _COUNTS.get(count[1]) or int(count[1])
        yield _parts("count", count.start(), count.end(), _MEASURE, number)


def _highest(suv: re.Match[str]) -> float:
    """The highest of a list or range; of a change the later one."""
    if suv[3]:
        return float(suv[3])
    return max(float(number) for number in (suv[1], *_DECIMAL.findall(suv[2])))


def _uptake(text: str) -> Iterator[_Parts]:
    for uptake in _UPTAKE.finditer(text):
        told = line("lesion", uptake[0], "feature")
        yield _parts("lesion", uptake.start(), uptake.end(), told)


def _vertebrae(text: str) -> Iterator[_Parts]:
    bones = None
    for vertebra in _VERTEBRA.finditer(text):
        start, end = vertebra.span()
        near = text[end : end + 6]
        if text[start - 1 : start] in _LIVER or (
            _SEGMENT.fullmatch(vertebra[0]) and not _BONES.search(near)
        ):
            if "肝" in text[max(start - 120, 0) : end]:
                for part in _LISTED.finditer(text, start, end):
                    yield _parts("organ", part.start(), part.end(), line("liver", part[0]))
                continue
            if _LUNG.search(text, max(start - 8, 0), start):
                continue
        if bones is None:
            bones = _BONES.search(text) is not None
        if bones or _BONES.search(near):
            yield _parts("organ", start, end, line("bone", vertebra[0]))
