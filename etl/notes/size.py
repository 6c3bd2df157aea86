"""Lengths in a report: 1.8cm×1.5cm, 2.0*3.0CM, 2~4mm, 不足1cm, 短径约16mm; in mm.

What is measured but is no lesion (slice thickness, HU, SUV, a distance, a vessel's width) and the
size at the examination before are told apart by the words around.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

_UNITS = {"mm": 1.0, "毫米": 1.0, "㎜": 1.0, "cm": 10.0, "厘米": 10.0, "公分": 10.0, "㎝": 10.0}
_NUMBER = r"\d{1,3}(?:\.\d{1,2})?"
_UNIT = r"(?:[mMcC][mM](?![a-wyzA-WYZ])|毫米|厘米|公分|㎜|㎝)"
_BY = r"\s{0,2}(?:\([^()\d]{1,4}\))?\s{0,2}[×xX*✕╳·∗⨯乘]\s{0,2}"
_TO = r"\s?(?:-{1,2}|~|至|到)\s?"
_LENGTH = re.compile(
    rf"(?P<a>\d(?<![\d.A-Za-z/]\d)\d{{0,2}}(?:\.\d{{1,2}})?)\s?(?P<au>{_UNIT})?"
    rf"(?:{_BY}(?P<b>{_NUMBER})\s?(?P<bu>{_UNIT})?(?:{_BY}(?P<c>{_NUMBER})\s?(?:\((?![cCmM][mM])[^()\d]{{1,4}}\))?\s?(?P<cu>{_UNIT})?)?"
    rf"|(?P<to>{_TO})(?P<d>{_NUMBER})\s?(?P<du>{_UNIT}))?"
)
_LATER_UNIT = re.compile(
    rf"\s?(?:[、,及和]\s?(?:{_NUMBER}\s?[、,及和]\s?){{0,4}}{_NUMBER}\s?|\)\s?|[(,]\s?(?:单位)?:?\s?)"
    rf"(?P<unit>{_UNIT})"
)
_MEASURED = re.compile(r"(?:大小|范围|径|面积|约|截面|为|厚|测)[^,。;\d]{0,6}$")
_LESS = re.compile(r"(?:不足|小于|<|≤|不超过|不到|未达|未超过|低于)\s?(?:约|等于)?\s?$")
_AXIS = re.compile(
    r"(?:\([^()]{0,20}\))?[、,]?\s?(?:前后|上下|左右|横|纵|头足|长|短|高|宽|最[大小])径?约?为?\s?"
)
_SHORT = re.compile(r"短(?:径|轴|直径|径线)[^,。;、\d]{0,8}$")
_LONG = re.compile(r"(?:长径|长轴|直径|最大径|大径|长约|径线|经线)[^,。;、\d]{0,8}$")
# Words just before a length that is no lesion's, and signs just after it.
_OTHER = re.compile(
    r"(?:层厚|层距|层间距|层间隔|重建间隔|间隔|螺距|视野|矩阵|距[^,。;]{0,8}|距离|相距|上缘|下缘平|内径|管径|管腔宽|(?<![、m])宽约?"
    r"|肋间斜径|斜径|脾厚约?|门静脉[^,。;]{0,6}|主胰管[^,。;]{0,6}|胆总管[^,。;]{0,8}"
    r"|(?:HU|SUV|[Ss][Ee]|[Ii][Mm])[^,。;)]{0,4}|扫描[^,。;]{0,4}|深入|进镜|探头|剂量|导管|引流管|支架)$"
)
_NOT_AFTER = re.compile(
    r"\s?(?:[/²³23]|[Hh][Gg]|的?(?:层厚|间隔|重建|薄层|处(?![,。;、见]))|深度|水柱|/s|H2O|[sS](?![eE]))"
)
# Words before the size a lesion had at the examination before.
_BEFORE = re.compile(
    r"(?:前片|旧片|上次|前次|原片|既往|先前|之前|此前|(?:治疗|放疗|化疗|放化疗|术)前|原来|(?<!复)原(?!见|有)[^,。;()约为]{1,12}\(|(?<!复)原(?:[较最]?大者)?(?:约|为|大小约?|大小为?|长径约?|直径约?|短径约?)?"
    r"|较前片?\(|[,(;、]前(?=\s?$)|原[为系][^,。;\d]{1,8},(?:大小|直径)?|(?<![目较])前(?:约|为|测|大小约?|次最大)|[由从自](?:原来?的?)?约?|\d{4}年[的底初末]?|\d{4}[-.年/]\d{1,2}[-.月/]?(?:\d{1,2}日?)?\s?(?:[CMP][^,。;]{0,6}|[老旧]?片)?\(?"
    r"[:,为]?(?:约|大小约?|为|长径|短径|径)?)(?:测量|最大(?:者|径)?|较大者|大小|长径|短径|[:,])?[约为]?\s?$"
)
# An ADC of 0.86×10-3mm2/s is no length.
_POWER = re.compile(r"[\-⁻^]\s?\d")
_LIST = frozenset("、及和与/")


@dataclass(slots=True)
class Size:
    """A length of a lesion: `mm` as written, the larger end of a range first."""

    start: int
    end: int
    mm: tuple[float, ...]
    limit: str | None
    short: bool
    earlier: bool

    def moved(self, by: int) -> "Size":
        """The same length in a text in which its sentence begins at a place."""
        start, end = self.start + by, self.end + by
        return Size(start, end, self.mm, self.limit, self.short, self.earlier)


def sizes(text: str) -> Iterator[Size]:
    """The lengths of a normal text, in order of place."""
    last: Size | None = None
    for found in _LENGTH.finditer(text):
        start, end = found.span()
        unit = found["cu"] or found["bu"] or found["au"] or found["du"]
        before = text[max(start - 24, 0) : start]
        if unit is None:
            unit = _missing_unit(text, found, before)
            if unit is None:
                continue
        if _OTHER.search(before) or _NOT_AFTER.match(text, end):
            continue
        if found["b"] == "10" and _POWER.match(text, end):
            continue
        mm = _mm(found, unit)
        if not 0 < max(mm) <= 400:
            continue
        earlier = _BEFORE.search(before) is not None
        if last and last.earlier and text[last.end : start].strip() in _LIST:
            # 原约3.3cm、2.0cm: both were.
            earlier = True
        last = Size(
            start,
            end,
            mm,
            "<" if _LESS.search(before) else None,
            _is_short(before) or text.startswith("(短径)", end),
            earlier,
        )
        yield last


def further_axis(text: str, first: Size, second: Size) -> bool:
    """左右径3.1cm、前后径2.7cm: whether a length is the next diameter of the same lesion."""
    return _AXIS.fullmatch(text, first.end, second.start) is not None


def _is_short(before: str) -> bool:
    short = _SHORT.search(before)
    return short is not None and not _LONG.search(before[short.start() + 2 :])


def _missing_unit(text: str, found: re.Match[str], before: str) -> str | None:
    """The unit that a later length of the same list has, or that the numbers' size suggests."""
    later = _LATER_UNIT.match(text, found.end())
    if later:
        return later["unit"]
    if not found["b"] or not _MEASURED.search(before):
        return None
    return "cm" if "." in found[0] or float(found["a"]) < 4 else "mm"


def _mm(found: re.Match[str], unit: str) -> tuple[float, ...]:
    """The numbers in mm; a number without a unit has that of the next one that has."""
    if found["to"]:
        # Of a range the larger end: 0.3-1.5cm.
        return (max(_scaled(found["a"], found["au"] or unit), _scaled(found["d"], found["du"])),)
    lengths: list[float] = []
    for name in ("c", "b", "a"):
        if found[name]:
            unit = found[name + "u"] or unit
            lengths.append(_scaled(found[name], unit))
    return tuple(reversed(lengths))


def _scaled(number: str, unit: str) -> float:
    return round(float(number) * _UNITS[unit.lower()], 1)
