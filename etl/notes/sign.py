"""The signs of a report in order: organs, lesions, natures, lengths, SUVs, numbers, changes.

A sign is what the walk over a report (`imaging.py`) stops at; everything else is the gap between.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from operator import attrgetter

from etl.notes.context import CHANGES, Context
from etl.notes.lexicon import lexicon
from etl.notes.size import Size, sizes

_SUV = re.compile(
    r"SUV(?:\s?-?\(?(?:max|MAX|Max|值|最大值|平均值|avg|mean|peak|b[wm])\)?){0,3}\s?(?:分别)?(?:最高|最大)?(?:约|为|值|=|:|≈|达|是|\s){0,4}"
    r"(\d{1,3}(?:\.\d{1,2})?)(?:\s?[-~至]\s?(\d{1,3}(?:\.\d{1,2})?))?"
)
_COUNT = re.compile(r"(\d{1,2}|[一二两三四五六七八九十单])\s?(?:枚|个|处|颗|粒|团)(?!月|周|疗程|小时|层|区|体|半月|期|数)")
_COUNTS = {"单": 1, "一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9, "十": 10}
# T11 is a vertebra, T1WI and T3N2 are not; S6 of the liver is a segment.
_VERTEBRA = re.compile(
    r"(?<![A-Za-z0-9])[CTLS]\d{1,2}(?:\s?[\-~、,/及]\s?[CTLS]?\d{1,2}){0,8}(?![\dA-Za-z.×*%]|\s?[WN期级分类区mc]|\s?段?肝|\s?/)"
)
_SEGMENT = re.compile(r"S[1-8]")
_BONES = re.compile(r"椎|附件|骨|棘突|横突|椎弓")
_CHANGED = re.compile(
    r"(?:较|与(?=[前上旧原老本我外\d]))[^,。;]{0,28}?(?:(?P<stable>相仿|同前|变化不|无明显变化|未见明显变化|无变化|无著变|未见变化|无显著变化|稳定|大致相同|无明显改变|相似)"
    r"|(?P<smaller>缩小|减少|吸收|减小|变小|减轻|好转|退缩|变薄|变浅|减低|降低)"
    r"|(?P<larger>增大|增多|增厚|扩大|进展|饱满|增粗|变大|加重|增高|增宽|升高)"
    r"|(?P<gone>消失|基本消失)|(?P<new>新增|新发|新出现))"
    r"|(?:明显|稍|略|部分|体积|数目|范围|数量|短期内?)(?:有所|明显|稍)?(?:(?P<s2>缩小|减少|退缩|吸收)|(?P<l2>增大(?!淋巴)|增多|扩大))"
)
_UPTAKE = re.compile(r"(?:代谢|摄取)[^,。;、]{1,8}?(?:增高|异常|活跃|浓聚)")
_GROUPS = {"s2": "smaller", "l2": "larger"}
_NOT_CHANGED = re.compile(r"[未无不](?:见|明显|明确|显著|再)*(?:明显|明确)?$")


_PLACE, _END = attrgetter("start"), attrgetter("end")


@dataclass(slots=True)
class Sign:
    """A sign: class, value and note as in `mappings/text/imaging.csv`, or what was measured."""

    kind: str
    start: int
    end: int
    value: str = ""
    note: str = ""
    word: str = ""
    site: str = ""
    size: Size | None = None
    number: float = 0


def signs(context: Context) -> list[Sign]:
    """The signs of a text, in order of place; a word within a length or a SUV is none."""
    text = context.text
    found = [
        Sign(line["class"], start, end, line["value"], line["note"], line["word"], line["site"])
        for line, start, end in lexicon("imaging").scan(text)
        if line["class"] != "adj"
    ]
    found += _measures(text)
    found += _uptake(text)
    found += _vertebrae(text)
    found += _changes(context)
    # By place, of two at one place the longer first: the sort keeps the order of equals.
    found.sort(key=_END, reverse=True)
    found.sort(key=_PLACE)
    return found


def _measures(text: str) -> Iterator[Sign]:
    for size in sizes(text):
        yield Sign("size", size.start, size.end, size=size)
    if "SUV" in text:
        for suv in _SUV.finditer(text):
            yield Sign("suv", suv.start(), suv.end(), number=float(suv[2] or suv[1]))
    for count in _COUNT.finditer(text):
        number = _COUNTS.get(count[1]) or int(count[1])
        yield Sign("count", count.start(), count.end(), number=number)


def _uptake(text: str) -> Iterator[Sign]:
    if "代谢" in text or "摄取" in text:
        for uptake in _UPTAKE.finditer(text):
            yield Sign("lesion", uptake.start(), uptake.end(), "lesion", "feature", uptake[0])


def _vertebrae(text: str) -> Iterator[Sign]:
    bones = None
    for vertebra in _VERTEBRA.finditer(text):
        start, end = vertebra.span()
        near = text[end : end + 6]
        if _SEGMENT.fullmatch(vertebra[0]) and not _BONES.search(near):
            continue
        if bones is None:
            bones = _BONES.search(text) is not None
        if bones or _BONES.search(near):
            yield Sign("organ", start, end, "bone", "", vertebra[0])


def _changes(context: Context) -> Iterator[Sign]:
    text = context.text
    for cue in context.cues:
        if cue.line["class"] in CHANGES:
            yield Sign("change", cue.start, cue.end, cue.line["class"])
    for change in _CHANGED.finditer(text):
        name = change.lastgroup or ""
        start = change.start(name)
        if name in ("larger", "smaller", "l2", "s2") and _NOT_CHANGED.search(
            text, max(start - 8, 0), start
        ):
            name = "stable"
        yield Sign("change", change.start(), change.end(), _GROUPS.get(name, name))
