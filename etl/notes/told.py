"""How a treatment or an event is told: planned or done, here or elsewhere, and when."""

import re
from collections.abc import Iterator
from datetime import date

from etl.notes.context import Context
from etl.notes.fact import Certainty
from etl.notes.when import When, dates

_BREAK = re.compile(r"[,。;!\n]|(?<=\s)\s")
# What is intended, advised, refused, conditional: no treatment given, no event that happened.
_PLANNED = re.compile(
    r"拟(?!诊)|计划(?![:书])|建议|拒绝|准备|预约|预备|打算|择期|必要时|[如若](?!下|前|上|常|此|干|图)|一旦|考虑予|考虑行|可考虑"
    r"|可行|可予|可参加|可选|暂缓|暂不|待[^,。;]{0,12}[行予后]|返院(?:行|继续|予)|需行|应行|评估(?:后|是否)|是否|商议|讨论"
    r"|要求|等待|排除[^,。;]{0,4}禁忌|下一?周期|下次|下一步|不同意|不愿|放弃|未(?:行|予|能|接受|进行|使用|用|再)|未曾|尚未|无法|不能|不考虑|目标"
)
_DONE = re.compile(r"(?<!未)已(?!经?拟)|完成|结束|(?<!未)曾|末次|共(?=\d)|过程顺利|至今|目前已")
_ELSEWHERE = re.compile(
    r"外院|外地|当地|[^我本,。;\s]{0,1}某[^,。;\s]{0,6}(?:医院|院)|他院|院外|省外|省医院|县医院|市医院|人民医院|下级医院|基层医院"
    r"|(?:北京|上海|广州|重庆|成都|华西|深圳|贵州|云南|武汉|湖南|广西|昆明|南充|绵阳|泸州)[^,。;\s]{0,10}(?:医院|院)|国外|香港|另一?家?医院"
)
_JOINED = re.compile(r"\s?(?:至|到|~|-|—)\s?$")
# Another treatment is told of before the date.
_GOES_ON = re.compile(r"[行予]|口服|改|复查|发现|出现|入院|再次|更换")
_CLOSING = re.compile(r"(?:结束|完成|止|末次|停药|停用|停止|出组|终止)")


def sentence(context: Context, place: int) -> tuple[int, int]:
    """The sentence that a place is in."""
    if not context.sentences:
        return 0, len(context.text)
    return context.sentences[context.sentence(place)]


def clause(context: Context, place: int) -> tuple[int, int]:
    """The clause that a place is in: between commas, whatever brackets stand between."""
    first, last = sentence(context, place)
    text, start = context.text, first
    for found in _BREAK.finditer(text, first, min(place, last)):
        start = found.end()
    after = _BREAK.search(text, place, last)
    return start, after.start() if after else last


def clauses(context: Context, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The clauses of a sentence."""
    for found in _BREAK.finditer(context.text, start, end):
        yield start, found.start()
        start = found.end()
    yield start, end


def planned(context: Context, place: int, whole: bool = False) -> bool:
    """Whether what stands at a place is only intended, advised, refused or denied.

    `whole` looks at the sentence so far and not at the clause alone.
    """
    start = sentence(context, place)[0] if whole else clause(context, place)[0]
    text = context.text
    intended = [m.start() for m in _PLANNED.finditer(text, max(start, place - 80), place)]
    if not intended:
        return False
    return not _DONE.search(text, intended[-1], place)


def done(context: Context, start: int, end: int) -> bool:
    """Whether a stretch says that what it tells is over."""
    return bool(_DONE.search(context.text, start, end))


def denied(context: Context, start: int, end: int) -> bool:
    """Whether a span is negated or said of somebody else."""
    other = context.says("other_person", start, end)
    return other or context.certainty(start, end) == Certainty.NEGATED


def elsewhere(context: Context, start: int, end: int) -> bool | None:
    """True where a stretch names another hospital."""
    return bool(_ELSEWHERE.search(context.text, start, end)) or None


def date_of(
    context: Context, on: date | None, start: int, end: int, closing: bool = True
) -> tuple[str | None, str | None]:
    """First and last date of what a span tells: before it in its sentence, else where it closes.

    "2020年2月至4月行…" gives both; "…至2021年6月", "…,末次2022年1月" close what stands before.
    """
    first, last = sentence(context, start)
    told = [w for w in dates(context.text, on) if first <= w.start < last]
    after = [w for w in told if w.start >= end]
    before = [w for w in told if w.end <= start or (w.start < end and w.end <= end)]
    begun = _begun(context.text, told, before)
    if closing and (closed := _closed(context.text, after, end)):
        return begun.value if begun else _start_of(context.text, told, closed), closed.value
    if not before:
        return None, None
    return (begun.value if begun and begun is not before[-1] else None), before[-1].value


def _begun(text: str, told: list[When], before: list[When]) -> When | None:
    """The date that begins the period that the last date before ends."""
    if not before:
        return None
    place = told.index(before[-1])
    if place and _JOINED.search(text, told[place - 1].end, before[-1].start):
        return told[place - 1]
    return before[-1]


def _start_of(text: str, told: list[When], closed: When) -> str | None:
    place = told.index(closed)
    joined = place and re.search(r"[至到~-]", text[told[place - 1].end : closed.start])
    return told[place - 1].value if joined else None


def _closed(text: str, after: list[When], end: int) -> When | None:
    """A date after the span that says when it ended, before anything else is told."""
    for number, when in enumerate(after):
        between = text[end : when.start]
        if len(between) > 60:
            return None
        following = text[when.end : when.end + 8]
        if _GOES_ON.search(between):
            return None
        begun = number > 0 and _JOINED.search(text, after[number - 1].end, when.start)
        if (re.search(r"[至到]\s?$", between) and not begun) or _CLOSING.search(between[-8:]):
            return when
        if _CLOSING.match(following) or re.match(r"[^,。;]{0,4}(?:结束|完成|停|出组)", following):
            return when
        joined = number + 1 < len(after) and _JOINED.search(text, when.end, after[number + 1].start)
        if not joined and number == 0 and not re.search(r"开始|起", text[end : when.end + 4]):
            return None
    return None
