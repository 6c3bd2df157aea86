"""Days as whole numbers (proleptic ordinals), written as the hospital writes them."""

from __future__ import annotations

from datetime import date
from functools import cache

from etl.synthetic import bank

_FIRST = date(1900, 1, 1).toordinal()
_LAST = date(2031, 12, 31).toordinal()
_ISO = [date.fromordinal(day).isoformat() for day in range(_FIRST, _LAST + 1)]


def iso(day: int) -> str:
    """2023-05-06."""
    return _ISO[day - _FIRST]


def at(day: int, hour: int, minute: int = 0, second: int = 0) -> str:
    """2023-05-06 09:05:00."""
    return f"{_ISO[day - _FIRST]} {hour:02d}:{minute:02d}:{second:02d}"


def compact(day: int) -> str:
    """20230506."""
    return _ISO[day - _FIRST].replace("-", "")


def chinese(day: int) -> str:
    """2023年5月6日."""
    text = _ISO[day - _FIRST]
    return f"{text[:4]}年{int(text[5:7])}月{int(text[8:])}日"


def chinese_month(day: int) -> str:
    """2023年5月."""
    text = _ISO[day - _FIRST]
    return f"{text[:4]}年{int(text[5:7])}月"


def dotted_month(day: int) -> str:
    """2023.05."""
    return _ISO[day - _FIRST][:7].replace("-", ".")


def year(day: int) -> int:
    """2023."""
    return int(_ISO[day - _FIRST][:4])


class Day(int):
    """A day that a phrase can write in every way: f"{Day(738646):ym}" is 2023年5月.

    iso 2023-05-06, cn 2023年5月6日, dots 2023.5.6, slash 2023/5/6; ym 2023年5月, dot 2023.05,
    month 2023-05; year 2023.
    """

    def __format__(self, form: str) -> str:
        """The day written in a form; without one as iso."""
        text = _ISO[self - _FIRST]
        long, month, day = text[:4], int(text[5:7]), int(text[8:])
        return {
            "": text,
            "iso": text,
            "cn": f"{long}年{month}月{day}日",
            "dots": f"{long}.{month}.{day}",
            "slash": f"{long}/{month}/{day}",
            "ym": f"{long}年{month}月",
            "dot": text[:7].replace("-", "."),
            "month": text[:7],
            "year": long,
        }[form]


def ordinal(text: str | date) -> int:
    """The day number of an ISO date."""
    return (text if isinstance(text, date) else date.fromisoformat(text)).toordinal()


def month_bounds(day: int) -> tuple[int, int]:
    """The first and last day of the month that holds `day`."""
    own = date.fromordinal(day)
    following = date(own.year + own.month // 12, own.month % 12 + 1, 1)
    return own.replace(day=1).toordinal(), following.toordinal() - 1


@cache
def window() -> tuple[int, int]:
    """First visit day on record and the extract day."""
    setting = bank.parameters()["calendar"]
    return ordinal(setting["first_visit"]), ordinal(setting["extract_on"])
