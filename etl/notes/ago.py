"""Lengths of time before a text's date: 2年前, 入院前1月余, 放疗后2年."""

import re
from collections.abc import Iterator
from datetime import date, timedelta

from etl.notes.numeral import INTEGER, integer

# An exact day is told by a few days only: "10天前" is the 6th, "30天前" a month.
_EXACT_DAYS = 10
_ENDS = frozenset("术疗诊除束成")
_ABOUT = r"[余多来+]?"
_LENGTH = (
    rf"(?:(?P<from>{INTEGER})\s?[-~]\s?)?(?P<n>{INTEGER}|半)\s?(?P<a>{_ABOUT})\s?(?P<half>半)?"
    rf"(?P<u>年|个?{_ABOUT}月|周|星期|天|日)(?P<half2>半)?(?P<b>{_ABOUT})"
    rf"(?:零?(?P<n2>{INTEGER})\s?个?月{_ABOUT})?"
)
_AGO = re.compile(rf"(?<![\d.第]){_LENGTH}(?:之|以)?$")
_SINCE = re.compile(rf"(?:近|约|已|达|将近)?\s?{_LENGTH}(?![内时起后行复予出开始给发]|\s?\d)")
_BEFORE = ("入院", "来院", "就诊", "入科", "本次入院", "住院")
_EVENT = re.compile(r"(?:手术|放化疗|综合治疗|放疗|化疗|治疗|确诊|切除|术)(?:结束|完成)?$")
_WINDOW = 16
# What a length of time ends with.
_UNITS = frozenset("年月周期天日半余多来+之以")


def ago(text: str, on: date) -> Iterator[tuple[str, int, int, str | None]]:
    """Value, start and end of each length of time, and the event it is counted from, if any."""
    place = text.find("前")
    while place >= 0:
        start = max(place - _WINDOW, 0)
        unit = text[place - 1 : place] in _UNITS
        if found := _AGO.search(text[start:place]) if unit else None:
            if value := _value(on, found):
                yield value, start + found.start(), place + 1, None
        elif (
            text[max(place - 2, 0) : place] in _BEFORE
            and (found := _SINCE.match(text, place + 1, place + 1 + _WINDOW))
            and (value := _value(on, found))
        ):
            yield value, place - 2, found.end(), None
        place = text.find("前", place + 1)
    place = text.find("后")
    while place >= 0:
        event = None
        if text[place - 1 : place] in _ENDS:
            event = _EVENT.search(text, max(place - 6, 0), place)
        if (
            event
            and (found := _SINCE.match(text, place + 1, place + 1 + _WINDOW))
            and (value := _value(on, found))
        ):
            yield value, event.start(), found.end(), event[0]
        place = text.find("后", place + 1)


def _value(on: date, found: re.Match[str]) -> str | None:
    """The date a length before `on`, as precise as it is told: years give a year, weeks a month."""
    unit = found["u"][-1]
    count = integer(found["n"])
    half = bool(found["half"] or found["half2"])
    if found["n"] == "半":
        return back(on, 6) if unit == "年" else _days(on, 15, exact=False)
    if count is None:
        return None
    if unit == "年":
        if found["n2"] or half:
            return back(on, count * 12 + (integer(found["n2"]) or 0 if found["n2"] else 6))
        return f"{on.year - count:04d}" if on.year - count >= 1900 else None
    if unit == "月":
        return back(on, count)
    about = bool(found["a"] or found["b"] or found["from"] or half)
    exact = unit in "天日" and not about and count <= _EXACT_DAYS
    return _days(on, count * (7 if unit in "周期" else 1), exact)


def _days(on: date, days: int, exact: bool) -> str | None:
    if days > 20_000 or on.toordinal() - days < 1:
        return None
    day = on - timedelta(days=days)
    return day.isoformat() if exact else day.isoformat()[:7]


def back(on: date, months: int) -> str | None:
    """The month so many months before; None before 1900."""
    total = on.year * 12 + on.month - 1 - months
    return f"{total // 12:04d}-{total % 12 + 1:02d}" if total >= 1900 * 12 else None
