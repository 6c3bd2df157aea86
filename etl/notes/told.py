"""How a treatment or an event is told: planned or done, here or elsewhere, and when."""

import functools
import re
from bisect import bisect_left
from collections.abc import Callable
from datetime import date

from etl.notes.context import Context
from etl.notes.fact import Certainty
from etl.notes.when import When, dates

_BREAK = re.compile(r"[。;!\n,](?:(?<!,)|(?<![dD]\d,)|(?!\d))")
# What is intended, advised, refused, conditional: no treatment given, no event that happened.
_PLANNED = re.compile(
    r"拟(?!诊)|计划(?![:书])(?:(?<!按计划)(?<!按.计划)(?<!按..计划)|(?<=出院后按计划)|(?<=后续按计划)|(?<=继续按计划)|(?<=日后按计划)|(?<=嘱按计划))"
    r"|建议|拒绝|准备|预[约备]|打算|择期|必要时|如(?!下|前|上|常|此|图)|若(?!干)|一旦|考虑[予行]|可(?:考虑|[行予选]|参加)|暂[缓不]|待[^,。;]{0,12}[行予后]"
    r"|返院(?:(?<=[后时嘱]返院)|(?<=按期返院)|(?<=定期返院))(?:行|继续|予)|需行|应行|评估(?:后|是否)|是否|商议|讨论(?!:)|要求|等待|下(?:一?周期|[次周月]|一步|个月)|明[日天]|则[换改予行用]"
    r"|不(?:同意|[愿需宜能]|适[合宜于]|考虑)|放弃|无[须需法]|未(?:[行予能给服曾]|接受|进行|使用|用|再|应用|加用)|尚未|难以|目标"
)
_DONE = re.compile(r"已(?<!未已)(?!经?拟)|完成|结束|曾(?<!未曾)|末次|共(?=\d)|过程顺利|至今|目前已")
_ELSEWHERE = re.compile(
    r"外院|外地|当地|某[^,。;\s]{0,6}院|他院|院外|省外|省[^,。;\s]{0,5}医院|骨科医院|中山[^,。;\s]{0,8}中心|县[^,。;\s]{0,4}院|市[^,。;\s]{0,5}院|人民医院|老家|原籍|家乡|下级医院|基层医院"
    r"|华西医院|北京[^,。;\s]{1,10}院|上海[^,。;\s]{1,10}院|广州[^,。;\s]{1,10}院|重庆[^,。;\s]{1,10}院|深圳[^,。;\s]{1,10}院|国外|香港|另一?家?医院"
)
_SURE = {
    "negated": Certainty.NEGATED,
    "possible": Certainty.POSSIBLE,
    "probable": Certainty.PROBABLE,
}
# Nobody writes longer sentences; a text without any stop costs no more for it.
_FAR = 240
# How far an intention reaches.
_INTENDED = 80
_JOINED = re.compile(r"\s?(?:至|到|~|-|—|→)\s?$")
# Another treatment is told of before the date.
_GOES_ON = re.compile(
    r"[行予]|[,、;]\s?(?:后|再|又)(?!续)|改|继而|随后|继之|后续|其后|之后|此后|复查|发现|出现|入院|再次|更换"
)
# GP×3(2018-11-26、12-17): brackets that hold the dates, and hardly more, of what they follow.
_BRACKET = re.compile(r"[^,。;()\d]{0,4}\(([^()]{4,60})\)")
_ASIDE = 12
_BEGINS = re.compile(r"\s?(?:起|开始|始)")
_TO = re.compile(r"[至到~-]")
_UNTIL = re.compile(r"[至到]\s?$")
_CLOSES = re.compile(r"(?:[^,。;]{0,4}|因[^,。;]{2,28})(?:结束|完成|毕|完|终(?!身)|停|出组)")
_BEGUN = re.compile(r"开始|起|始")
_ENDS = re.compile(r"\s?(?:[,。;()\n]|$)")
# 70Gy/33F,外院,2021-01-06至02-24: a clause that is but a date.
_ALONE = re.compile(r"[^。;\n,后]{0,12}(?:,[^。;\n,后\d]{0,8})?[,(\s]{1,2}(?:时间[:为]?)?")
# 末次放疗时间为2019年12月31日: the words before say that the date after is the last.
_LAST = re.compile(r"(?:末次|最后一次|终止)[^,。;]{0,4}$")
_LINK = re.compile(r"(?:治疗)?(?:时间|日期)?\s?[:为是于在]{0,2}\s?")
_CLOSING = re.compile(
    r"(?:结束|完成|毕|做完|打完|止|末次|最后[一1]次|最近[一1]次|停药|停用|停止|出组|终止)"
)
# The patterns looked for in whole texts begin with characters alone, which `re` passes over fast.


def _places(pattern: re.Pattern[str]) -> Callable[[str], list[int]]:
    """Where a pattern is found in a text: asked for many places, looked for once."""

    @functools.lru_cache(maxsize=4)
    def places(text: str) -> list[int]:
        return [found.start() for found in pattern.finditer(text)]

    return places


_breaks, _intended, _over, _away = map(_places, (_BREAK, _PLANNED, _DONE, _ELSEWHERE))


def sentence(context: Context, place: int) -> tuple[int, int]:
    """The sentence that a place is in, and of a very long one what is near."""
    spans = context.sentences
    if not spans:
        return 0, len(context.text)
    first, last = spans[context.sentence(place)]
    if last - first > _FAR:
        return max(first, place - _FAR), min(last, place + _FAR)
    return first, last


@functools.lru_cache(maxsize=64)
def clause(context: Context, place: int) -> tuple[int, int]:
    """The clause that a place is in: between commas, whatever brackets stand between."""
    first, last = sentence(context, place)
    breaks = _breaks(context.text)
    number = bisect_left(breaks, place)
    if number and breaks[number - 1] >= first:
        first = breaks[number - 1] + 1
    if number < len(breaks) and breaks[number] < last:
        last = breaks[number]
    return first, last


def planned(context: Context, place: int, whole: bool = False) -> bool:
    """Whether what stands at a place is only intended, advised, refused or denied.

    `whole` looks at the sentence so far and not at the clause alone.
    """
    text = context.text
    intended = _intended(text)
    number = bisect_left(intended, place)
    if not number or intended[number - 1] < place - _INTENDED:
        return False
    start = sentence(context, place)[0] if whole else clause(context, place)[0]
    if intended[number - 1] < start:
        return False
    over = _over(text)
    later = bisect_left(over, intended[number - 1])
    return later == len(over) or over[later] >= place


def certainty(context: Context, start: int, end: int) -> Certainty:
    """How sure a note is of a span; what is only intended is `planned`'s to say."""
    sure = context.certainty(start, end)
    if sure == Certainty.DEFINITE:
        return sure
    if sure == Certainty.NEGATED and context.says("negated", start, end):
        return sure
    kinds = {scope.kind for scope in context.scopes(start, end)}
    return min((_SURE[kind] for kind in kinds if kind in _SURE), default=Certainty.DEFINITE)


def denied(context: Context, start: int, end: int) -> bool:
    """Whether a span is negated or said of somebody else."""
    other = context.says("other_person", start, end)
    return other or certainty(context, start, end) == Certainty.NEGATED


def elsewhere(context: Context, start: int, end: int) -> bool | None:
    """True where a stretch names another hospital."""
    places = _away(context.text)
    number = bisect_left(places, start)
    return (number < len(places) and places[number] < end) or None


def date_of(
    context: Context,
    on: date | None,
    start: int,
    end: int,
    closing: bool = True,
    until: int | None = None,
) -> tuple[str | None, str | None]:
    """First and last date of what a span tells: before it in its sentence, else where it closes.

    "2020年2月至4月行…" gives both; "…至2021年6月", "…,末次2022年1月" close what stands before,
    up to `until`, where another thing is told.
    """
    first, last = sentence(context, start)
    told = _between(context.text, on, first, last)
    if not told:
        return None, None
    after = [w for w in told if w.start >= end]
    before = [w for w in told if w.end <= start or (w.start < end and w.end <= end)]
    begun = _begun(context.text, told, before)
    last_one = after and _LAST.search(context.text, max(start - 8, first), start)
    if last_one and _LINK.fullmatch(context.text, end, after[0].start):
        return None, after[0].value
    if after and (inside := _BRACKET.match(context.text, end)):
        own = [when for when in after if when.end <= inside.end()]
        said = len(inside[1]) - sum(when.end - when.start for when in own)
        if own and said <= _ASIDE:
            return (own[0].value if len(own) > 1 else None), own[-1].value
    if until is not None:
        after = [when for when in after if when.start < until]
    if closing and (closed := _closed(context.text, after, end)):
        inner = _start_of(context.text, told, closed)
        whole = begun is not None and begun is not before[-1]
        return inner or (begun.value if begun and not whole else None), closed.value
    if not before:
        if closing and after and _ALONE.fullmatch(context.text, end, after[0].start):
            joined = len(after) > 1 and _JOINED.search(context.text, after[0].end, after[1].start)
            over = after[1] if joined else after[0]
            if _ENDS.match(context.text, over.end):
                return (after[0].value if joined else None), over.value
        begins = after and after[0].start - end <= 6 and _BEGINS.match(context.text, after[0].end)
        return (after[0].value, after[0].value) if begins else (None, None)
    return (begun.value if begun and begun is not before[-1] else None), before[-1].value


def _between(text: str, on: date | None, first: int, last: int) -> list[When]:
    """The dates that stand in a stretch."""
    starts, every = _dates(text, on)
    number = bisect_left(starts, first)
    result = []
    while number < len(every) and every[number].start < last:
        result.append(every[number])
        number += 1
    return result


@functools.lru_cache(maxsize=4)
def _dates(text: str, on: date | None) -> tuple[list[int], tuple[When, ...]]:
    """The dates of a text with their starts."""
    every = dates(text, on)
    return [when.start for when in every], every


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
    joined = place and _TO.search(text, told[place - 1].end, closed.start)
    return told[place - 1].value if joined else None


def _closed(text: str, after: list[When], end: int) -> When | None:
    """A date after the span that says when it ended, before anything else is told."""
    for number, when in enumerate(after):
        between = text[end : when.start]
        if len(between) > 60:
            return None
        following = text[when.end : when.end + 34]
        if _GOES_ON.search(between):
            return None
        begun = number > 0 and _JOINED.search(text, after[number - 1].end, when.start)
        if (_UNTIL.search(between) and not begun) or _CLOSING.search(between[-8:]):
            return when
        if _CLOSING.match(following) or _CLOSES.match(following):
            return when
        if begun and number == 1 and _ENDS.match(following) and len(between) < 40:
            return when
        joined = number + 1 < len(after) and _JOINED.search(text, when.end, after[number + 1].start)
        if not joined and number == 0 and not _BEGUN.search(text, end, when.end + 4):
            return None
    return None
