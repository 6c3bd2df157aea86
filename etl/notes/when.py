"""When: dates told in a text, absolute and relative, as precisely as they are told.

A value is a string whose length is its precision: 2021, 2021-03 or 2021-03-15. No month or day is
invented: "2年前" is a year, "3周前" a month.
"""

import calendar
import functools
import re
from dataclasses import dataclass
from datetime import date, timedelta

from etl.notes.numeral import INTEGER, integer

_YEAR = r"(?P<y>(?:19|20)\d\d|[一二][〇零○O一二三四五六七八九]{3})"
_MONTH = r"(?:1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九])"
_DAY = r"(?:[12]\d|3[01]|0?[1-9]|[二三]?十[一二三四五六七八九]?|[一二三四五六七八九])"
_ABSOLUTE = re.compile(
    rf"(?<![\dA-Za-z.]){_YEAR}"
    rf"(?:\s?年度?(?:\s?(?P<m>{_MONTH})\s?月份?(?:\s?(?P<d>{_DAY})\s?[日号]?)?)?"
    r"|(?P<s>[-./])(?P<m2>1[0-2]|0?[1-9])(?:(?P=s)(?P<d2>[12]\d|3[01]|0?[1-9]))?(?![\d%]|\.\d))"
    # 21年3月: of this century, unless it is a time that passed.
    rf"|(?<![\d.至~-])(?P<yy>[012]\d)年(?P<m3>{_MONTH})月(?:(?P<d3>{_DAY})[日号])?(?![余多前后来间的])"
    r"|(?<![\dA-Za-z])(?P<c>20[0-3]\d(?:0[1-9]|1[0-2])(?:[0-2]\d|3[01]))(?!\d)"
)
_NAMED = re.compile(
    r"(?P<year>去年|上年|前年|大前年|今年|本年|当年|同年|次年|翌年)"
    rf"(?:(?P<m>{_MONTH})月份?(?:(?P<d>{_DAY})[日号])?)?"
    r"|(?P<month>上个?月|前个?月|本月|当月|上上个?月)(?:初|中旬|底|末)?(?:(?P<d2>[12]\d|3[01]|[1-9])[日号])?"
    r"|(?P<day>昨[日天晚]|前[日天](?![晚下上])|今[日天晨]|本日)|(?P<week>上周|上星期|上个星期)"
)
# 5月3日 and 5月, of the year of the date before it or of the text's year.
_PARTIAL = re.compile(
    rf"(?<![\d.一二三四五六七八九十年余个半前后近约达共每])(?P<m>{_MONTH})月份?"
    rf"(?:(?P<d>{_DAY})[日号](?!龄)|(?=初|中旬|底|末|下旬|上旬|起|开始|至|到|在|于|行|结束|完成|出现|复查|[,再又因]))"
    r"|(?<=[至到~-])(?P<m2>1[0-2]|0?[1-9])[-.](?P<d2>[12]\d|3[01]|0?[1-9])(?![\d.%])"
)
_ABOUT = r"[余多来+]?"
_NUMBER = rf"(?:(?P<from>{INTEGER})\s?[-~]\s?)?(?P<n>{INTEGER}|半|数|几)"
_LENGTH = (
    rf"{_NUMBER}\s?(?P<a>{_ABOUT})\s?(?P<half0>半)?"
    rf"(?P<u>年|个?{_ABOUT}月|周|星期|天|日)(?P<half>半)?(?P<b>{_ABOUT})"
    rf"(?:零?(?P<n2>{INTEGER})\s?个?月(?P<c>{_ABOUT}))?"
)
_AGO = re.compile(
    rf"(?:入院前|术前|来院前|就诊前|距今|(?<!\d)(?=[\d一二两三四五六七八九十半数几])){_LENGTH}"
    r"(?P<ago>以?前|之前)"
    rf"|(?:入院|来院|就诊|入科)前约?{_LENGTH.replace('?P<', '?P<x_')}"
    rf"|(?P<event>术|手术|放疗|化疗|放化疗|治疗|综合治疗|确诊|切除)(?:结束|完成)?后(?:近|约)?"
    rf"{_LENGTH.replace('?P<', '?P<z_')}(?![内时起后行复予出开始给发])"
)
_UNITS = {"年": 12, "月": 1}


@dataclass(frozen=True)
class When:
    """A date where it stands; `anchor` is the event that it is told by ("放疗后2年"), if any."""

    value: str
    start: int
    end: int
    anchor: str | None = None


@functools.lru_cache(maxsize=16)
def dates(text: str, on: date | None = None) -> tuple[When, ...]:
    """The dates of a normal text in order; relative ones need the text's date `on`."""
    found: list[When] = []
    for rule in (_absolute, _relative, _named):
        found += [when for when in rule(text, on) if not _taken(found, when)]
    found.sort(key=lambda when: when.start)
    return tuple(_with_partial(text, on, found))


def _taken(found: list[When], when: When) -> bool:
    return any(other.start < when.end and when.start < other.end for other in found)


def _value(year: int, month: int | None = None, day: int | None = None) -> str | None:
    """The string of a date; a day that the month does not have is left out."""
    if not 1900 <= year <= 2100:
        return None
    if not month or not 1 <= month <= 12:
        return f"{year:04d}"
    if not day or not 1 <= day <= calendar.monthrange(year, month)[1]:
        return f"{year:04d}-{month:02d}"
    return f"{year:04d}-{month:02d}-{day:02d}"


def _whole(found: re.Match[str], *names: str) -> int | None:
    written = next((found[name] for name in names if found[name]), None)
    return integer(written) if written else None


def _absolute(text: str, on: date | None) -> list[When]:
    result = []
    for found in _ABSOLUTE.finditer(text):
        if found["c"]:
            year, month, day = int(found["c"][:4]), int(found["c"][4:6]), int(found["c"][6:])
        elif found["yy"]:
            year, month, day = 2000 + int(found["yy"]), _whole(found, "m3"), _whole(found, "d3")
            if on and year > on.year:
                continue
        else:
            year = _whole(found, "y") or 0
            month, day = _whole(found, "m", "m2"), _whole(found, "d", "d2")
        if value := _value(year, month, day):
            result.append(When(value, found.start(), found.end()))
    return result


def _relative(text: str, on: date | None) -> list[When]:
    if not on or ("前" not in text and "后" not in text):
        return []
    result = []
    for found in _AGO.finditer(text):
        prefix = "" if found["u"] else "x_" if found["x_u"] else "z_"
        told = {
            name: found[prefix + name] or "" for name in ("n", "a", "u", "half", "half0", "n2")
        }
        about = bool(told["a"] or found[prefix + "b"] or found[prefix + "from"])
        if value := _before(on, told, about):
            result.append(When(value, found.start(), found.end(), found["event"]))
    return result


def _before(on: date, told: dict[str, str], about: bool) -> str | None:
    """The date a length of time before `on`: years give a year, months and weeks a month."""
    unit = told["u"][-1]
    count = integer(told["n"])
    if told["n"] == "半" and unit == "年":
        return _back(on, 6)
    if count is None:
        return None
    if unit == "年":
        if told["n2"] or told["half"] or told["half0"]:
            return _back(on, count * 12 + (integer(told["n2"]) or 6 if told["n2"] else 6))
        return _value(on.year - count)
    if unit == "月":
        return _back(on, count)
    days = count * (7 if unit in "周期" else 1)
    if days > 40_000:
        return None
    day = on - timedelta(days=min(days, on.toordinal() - 1))
    exact = unit in "天日" and not about and days <= 10
    return _value(day.year, day.month, day.day if exact else None)


def _back(on: date, months: int) -> str | None:
    total = on.year * 12 + on.month - 1 - months
    return _value(total // 12, total % 12 + 1)


_YEARS = {"去年": -1, "上年": -1, "前年": -2, "大前年": -3, "今年": 0, "本年": 0}


def _named(text: str, on: date | None) -> list[When]:
    result: list[When] = []
    for found in _NAMED.finditer(text):
        value = None
        if name := found["year"]:
            year = _named_year(text, name, found.start(), on)
            value = _value(year, _whole(found, "m"), _whole(found, "d")) if year else None
        elif on and (name := found["month"]):
            months = 2 if name[0] == "前" or name[:2] == "上上" else 1 if name[0] == "上" else 0
            value = _back(on, months)
            if value and found["d2"]:
                value = _value(int(value[:4]), int(value[5:]), int(found["d2"]))
        elif on and (name := found["day"]):
            back = {"昨": 1, "前": 2}.get(name[0], 0)
            value = (on - timedelta(days=min(back, on.toordinal() - 1))).isoformat()
        elif on:
            value = _back(on - timedelta(days=min(7, on.toordinal() - 1)), 0)
        if value:
            result.append(When(value, found.start(), found.end()))
    return result


def _named_year(text: str, name: str, place: int, on: date | None) -> int | None:
    """去年 is told from the text's date, 同年 and 次年 from the date before it in the text."""
    if name in _YEARS:
        return on.year + _YEARS[name] if on else None
    before = [when for when in _absolute(text[max(place - 200, 0) : place], on)]
    if not before:
        return None
    return int(before[-1].value[:4]) + (name in ("次年", "翌年"))


def _with_partial(text: str, on: date | None, found: list[When]) -> list[When]:
    result = list(found)
    for part in _PARTIAL.finditer(text):
        when = When("", part.start(), part.end())
        if _taken(result, when):
            continue
        month, day = _whole(part, "m", "m2"), _whole(part, "d", "d2")
        before = [w for w in result if w.end <= part.start() and not w.anchor]
        near = before[-1] if before and part.start() - before[-1].end <= 80 else None
        if near and month:
            year = int(near.value[:4]) + (len(near.value) > 4 and month < int(near.value[5:7]))
        elif on and month:
            year = on.year - ((month, day or 1) > (on.month, on.day))
        else:
            continue
        if on and (year, month) > (on.year, on.month):
            year -= 1
        if value := _value(year, month, day):
            result.append(When(value, part.start(), part.end()))
            result.sort(key=lambda other: other.start)
    return result
