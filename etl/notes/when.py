"""When: dates told in a text, absolute and relative, as precisely as they are told.

A value is a string whose length is its precision: 2021, 2021-03 or 2021-03-15. No month or day is
invented: "2年前" is a year, "3周前" a month.
"""

import functools
import re
from bisect import bisect_left
from calendar import isleap
from datetime import date, timedelta
from operator import attrgetter
from typing import NamedTuple

from etl.notes.ago import ago, back
from etl.notes.numeral import integer

_MONTH = r"(?:1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九]|元(?=月))"
_DAY = r"(?:[12]\d|3[01]|0?[1-9]|[二三]?十[一二三四五六七八九]?|[一二三四五六七八九])"
# 2021年9月二线, 2021年5月3周期: no day, but the next word's number.
_COUNTED = "(?:个|次|线|程|周|疗程|月|年|度|级|期|代|[\\d一二三四五六七八九十.%/+-])"
# The first sign of each pattern is a plain set: what no date begins with is passed over fast.
_YEAR = re.compile(
    r"[12一二](?<![\dA-Za-z.].)(?:(?<=[12])[09]\d\d|(?<=[一二])[〇零○O九][〇零○O一二三四五六七八九]{2})"
    rf"(?:\s?年度?(?:\s?(?P<m>{_MONTH})\s?月份?(?:\s?(?P<d>{_DAY})(?:\s?[日号]|(?!\s?{_COUNTED})))?)?"
    r"|(?P<s>[-./])(?P<m2>1[0-2]|0?[1-9])(?:(?P=s)(?P<d2>[12]\d|3[01]|0?[1-9]))?(?:(?![\d%]|\.\d)|(?=\d\d:\d\d))"
    r"|(?P<m3>0[1-9]|1[0-2])(?P<d3>[0-2]\d|3[01])(?!\d))"
)
# 21年3月: of this century, unless it is a time that passed.
_SHORT = re.compile(
    rf"[012](?<![\d.至~史约近-].)\d(?:年(?P<m>{_MONTH})月(?:(?P<d>{_DAY})[日号])?(?![余多前后来间的])"
    r"|(?P<s>[-./])(?P<m2>1[0-2]|0[1-9])(?P=s)(?P<d2>[12]\d|3[01]|0[1-9])(?![\d.%-]))"
)
_NAMED = re.compile(
    r"[去上前大今本当同次翌昨](?<!次(?=上))(?:前年|年|上?个?月|[日天晚晨]|周|星期|个星期)"
    rf"(?:(?P<m>{_MONTH})月份?(?:(?P<d>{_DAY})[日号])?|(?P<d2>[12]\d|3[01]|[1-9])[日号])?"
)
# 5月3日 and 5月, of the year of the date before it or of the text's year.
_BEFORE_MONTH = re.compile(rf"(?<![\d.一二三四五六七八九十年余个半前后近约达共每]){_MONTH}$")
_AFTER_MONTH = re.compile(
    rf"月份?(?:(?P<d>{_DAY})[日号](?!龄)|(?=[^,。;:)\s余多前后来的内左之龄经]))"
)
_MONTH_SIGN = re.compile(r"月份?(?P<d>)")
_SECOND = re.compile(
    r"[至到~、及和-](?P<m>1[0-2]|0?[1-9])[-./](?P<d>[12]\d|3[01]|0?[1-9])(?![\d.%]|\s?(?:次|周|天|个|级|度|m|c|程))"
)
# 末次4-26, (8-8), 2-6起: a day without its year where nothing else is written so.
_DAY_ALONE = re.compile(
    r"[(,。;:\s于自至到次从在月](?![1-5][-/][1-5]\))(?P<m>1[0-2]|0?[1-9])(?P<s>[-/])(?P<d>[12]\d|3[01]|0?[1-9])"
    r"(?![-/\d])(?=\s?(?:至|到|起|行|予|给|入|出院|复|查|评|开始|恢复|结束|完|毕|停|做|再|已|CT|MR|胸|头|末|日)"
    r"|\s?(?:[)~-]\s?(?!\d{4})|[,。;]|$)(?<!/..)(?<!/...)(?<!/....))"
)
# 2020.6-10: the month that ends a period, its year told with the first.
_LAST_MONTH = re.compile(
    r"[-~至到](?P<m>1[0-2]|0?[1-9])(?![\d.年月/%-]|\s?(?:次|周|天|个|级|度|m|c|程))"
)
_PAIR = re.compile(r"(?<![\d.])(?P<m>1[0-2]|0?[1-9])\s?[-~至到]\s?$")
_YEARS = {"去年": -1, "上年": -1, "前年": -2, "大前年": -3, "今年": 0, "本年": 0, "当年": 0}
_MONTHS = {"上月": 1, "上个月": 1, "上上个月": 2, "前个月": 2, "本月": 0, "当月": 0}
_DAYS = {
    "昨日": 1,
    "昨天": 1,
    "昨晚": 1,
    "昨晨": 1,
    "前日": 2,
    "前天": 2,
    "今日": 0,
    "今天": 0,
    "今晨": 0,
    "本日": 0,
}
_FAR = 80
_DAYS_OF = (0, 31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


class When(NamedTuple):
    """A date where it stands; `anchor` is the event that it is told by ("放疗后2年"), if any."""

    value: str
    start: int
    end: int
    anchor: str | None = None


_START = attrgetter("start")


@functools.lru_cache(maxsize=4)
def dates(text: str, on: date | None = None) -> tuple[When, ...]:
    """The dates of a normal text in order; relative ones need the text's date `on`."""
    found = _absolute(text, on)
    if on and ("前" in text or "后" in text):
        _add(found, [When(*told) for told in ago(text, on)])
    _add(found, _named(text, on, found))
    if "月" in text or "-" in text or "/" in text:
        found = _partial(text, on, found)
    return tuple(found)


def _add(found: list[When], more: list[When]) -> None:
    """Add dates where none stands yet; both lists stay in order."""
    for when in more:
        number = bisect_left(found, when.end, key=_START)
        if not number or found[number - 1].end <= when.start:
            found.insert(number, when)


def _value(year: int, month: int | None = None, day: int | None = None) -> str | None:
    """The string of a date; a day that the month does not have is left out."""
    if not 1900 <= year <= 2100:
        return None
    if not month or not 1 <= month <= 12:
        return f"{year:04d}"
    if not day or not 1 <= day <= _DAYS_OF[month] - (month == 2 and not isleap(year)):
        return f"{year:04d}-{month:02d}"
    return f"{year:04d}-{month:02d}-{day:02d}"


def _integer(written: str | None) -> int | None:
    return integer(written) if written else None


def _whole(found: re.Match[str], *names: str) -> int | None:
    written = next((found[name] for name in names if found[name]), None)
    return integer(written) if written else None


def _absolute(text: str, on: date | None) -> list[When]:
    result = []
    for found in _YEAR.finditer(text):
        month, day, _, month2, day2, month3, day3 = found.groups()
        year = integer(found[0][:4]) or 0
        value = _value(year, _integer(month or month2 or month3), _integer(day or day2 or day3))
        if value:
            result.append(When(value, found.start(), found.end()))
    for found in _SHORT.finditer(text):
        year = 2000 + int(found[0][:2])
        value = _value(year, _whole(found, "m", "m2"), _whole(found, "d", "d2"))
        if value and (not on or year <= on.year):
            result.append(When(value, found.start(), found.end()))
    result.sort(key=lambda when: when.start)
    return result


def _named(text: str, on: date | None, found: list[When]) -> list[When]:
    result: list[When] = []
    for told in _NAMED.finditer(text):
        end = told.start("m") if told["m"] else told.start("d2") if told["d2"] else told.end()
        name = text[told.start() : end]
        month, day = _whole(told, "m"), _whole(told, "d", "d2")
        value = None
        if name.endswith("年"):
            year = _named_year(name, told.start(), on, found)
            value = _value(year, month, day) if year else None
        elif on and name in _MONTHS:
            value = back(on, _MONTHS[name])
            if value and told["d2"]:
                value = _value(int(value[:4]), int(value[5:]), day)
        elif on and (name in _DAYS or name[:1] == "上"):
            past = _DAYS.get(name, 7)
            earlier = on - timedelta(days=min(past, on.toordinal() - 1))
            value = earlier.isoformat() if name in _DAYS else back(earlier, 0)
        if value:
            result.append(When(value, told.start(), told.end()))
    return result


def _named_year(name: str, place: int, on: date | None, found: list[When]) -> int | None:
    """去年 is told from the text's date, 同年 and 次年 from the date before it in the text."""
    if name in _YEARS:
        return on.year + _YEARS[name] if on else None
    number = bisect_left(found, place, key=lambda when: when.start)
    if not number or name not in ("同年", "次年", "翌年"):
        return None
    return int(found[number - 1].value[:4]) + (name != "同年")


def _partial(text: str, on: date | None, found: list[When]) -> list[When]:
    """The dates with those told without their year, in order, each from the one before it."""
    told = list(_months(text)) + [
        (int(part["m"]), int(part["d"]), part.start("m"), part.end())
        for form in ((_SECOND, _DAY_ALONE) if "-" in text or "/" in text else (_SECOND,))
        for part in form.finditer(text)
    ]
    for first in found:
        open_ended = len(first.value) == 7 and text[first.end - 1].isdigit()
        if open_ended and (part := _LAST_MONTH.match(text, first.end)):
            told.append((int(part["m"]), None, part.start("m"), part.end()))
    if not told:
        return found
    merged: list[When] = []
    near: When | None = None
    number = 0
    for month, day, start, end in sorted(told, key=lambda part: part[2]):
        while number < len(found) and found[number].start < start:
            merged.append(found[number])
            near = near if found[number].anchor else found[number]
            number += 1
        if merged and merged[-1].end > start:
            continue
        if number < len(found) and found[number].start < end:
            continue
        if value := _of_year(on, near if near and start - near.end <= _FAR else None, month, day):
            near = When(value, start, end)
            merged.append(near)
    return merged + found[number:]


def _of_year(on: date | None, near: When | None, month: int, day: int | None) -> str | None:
    """A month in the year of the date before it, or the last such month before the text's date."""
    if near:
        year = int(near.value[:4]) + (len(near.value) > 4 and month < int(near.value[5:7]))
    elif on:
        year = on.year - ((month, day or 1) > (on.month, on.day))
    else:
        return None
    if on and (year, month) > (on.year, on.month):
        year -= 1
    return _value(year, month, day)


def _months(text: str) -> list[tuple[int, int | None, int, int]]:
    """Months told by a number alone, with their day: 3月12日, 3月起."""
    result: list[tuple[int, int | None, int, int]] = []
    place = text.find("月")
    while place >= 0:
        start = max(place - 4, 0)
        before = _BEFORE_MONTH.search(text[start:place])
        after = _AFTER_MONTH.match(text, place) if before else None
        if before and not after and text[start + before.start() - 1] in "至到~-":
            after = _MONTH_SIGN.match(text, place)
        if before and after and (month := integer(before[0])):
            # 2017年6-8月: the month that begins the period.
            begin = start + before.start()
            pair = _PAIR.search(text, max(begin - 4, 0), begin)
            if pair and text[pair.start() - 1 : pair.start()] in tuple("年./-于,。;("):
                result.append((int(pair["m"]), None, pair.start(), pair.end("m")))
            result.append((month, _whole(after, "d"), start + before.start(), after.end()))
        place = text.find("月", place + 1)
    return result
