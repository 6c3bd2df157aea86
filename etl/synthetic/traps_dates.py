"""Mess in dates: traps 11 and 27."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import numpy as np

from etl.synthetic import bank
from etl.synthetic.batch import Batch, Trap, filled

_DIGITS = str.maketrans("0123456789", "〇一二三四五六七八九")
_EXCEL_EPOCH = date(1899, 12, 30).toordinal()


def _parts(text: str) -> tuple[int, int, int]:
    return int(text[:4]), int(text[5:7]), int(text[8:10])


def _chinese_number(value: int) -> str:
    tens, ones = divmod(value, 10)
    head = "" if tens == 0 else "十" if tens == 1 else f"{str(tens).translate(_DIGITS)}十"
    return head + (str(ones).translate(_DIGITS) if ones else "")


def _hanzi(text: str) -> str:
    year, month, day = _parts(text)
    return f"{str(year).translate(_DIGITS)}年{_chinese_number(month)}月{_chinese_number(day)}日"


def _chinese(text: str) -> str:
    year, month, day = _parts(text)
    return f"{year}年{month}月{day}日"


DATE_FORMS: tuple[Callable[[str], str], ...] = (
    lambda text: "{}/{}/{}".format(*_parts(text)),
    lambda text: text[:10].replace("-", ""),
    lambda text: "{}.{}.{}".format(*_parts(text)),
    _chinese,
    _hanzi,
    lambda text: str(date(*_parts(text)).toordinal() - _EXCEL_EPOCH),
)
TIME_FORMS: tuple[Callable[[str], str], ...] = (
    lambda text: "{}/{}/{} {}:{}".format(*_parts(text), int(text[11:13]), text[14:16]),
    lambda text: text[:16],
    lambda text: text.replace("-", "").replace(" ", "").replace(":", ""),
    lambda text: "{}.{}.{} {}:{}".format(*_parts(text), int(text[11:13]), text[14:16]),
    lambda text: f"{_chinese(text)} {int(text[11:13])}:{text[14:16]}",
)


def _date_columns(kind: str) -> list[tuple[str, str]]:
    return [place for place, declared in bank.column_types().items() if declared == kind]


def _formats(batch: Batch, trap: Trap) -> None:
    """Every form of trap 11 in every date and time column."""
    for kind, forms in (("date", DATE_FORMS), ("datetime", TIME_FORMS)):
        for table, name in _date_columns(kind):
            column = batch.column(table, name)
            rows = batch.rows(table, trap, filled(column))
            draws = batch.generator.integers(0, len(forms), len(rows))
            for row, draw in zip(rows, draws, strict=True):
                if len(column[row]) in (10, 19):
                    column[row] = forms[draw](column[row])
            batch.note(trap, table, rows)


def _partial(batch: Batch, trap: Trap) -> None:
    """Only the month is known, where no order of events hangs on the day."""
    for name in ("YFZKSSJ", "ZYZKSSJ"):
        column = batch.column("BA_ZLFY", name)
        mask = np.array([text is not None and len(text) == 10 for text in column], bool)
        rows = batch.rows("BA_ZLFY", trap, mask, spare=True)
        batch.change(trap, "BA_ZLFY", name, rows, lambda old: old[:7])


def _placeholders(batch: Batch, trap: Trap) -> None:
    """1900-01-01 and 9999-12-31 mean none."""
    for table, name in (("HZ_ZSY", "SWRQ"), ("SF_SFJL", "SWRQ"), ("JZ_JZJL", "CYSJ")):
        rows = batch.rows(table, trap, ~filled(batch.column(table, name)))
        words = batch.pick(["1900-01-01", "9999-12-31"], len(rows))
        batch.change(trap, table, name, rows, words)


def _impossible(batch: Batch, trap: Trap) -> None:
    """No such day: the row cannot be read."""
    places = (
        ("LIS_BG", "CJSJ"),
        ("YZ_YZJL", "KZSJ"),
        ("HL_SMTZ", "CLSJ"),
        ("RIS_BG", "JCSJ"),
        ("EMR_WS", "JLSJ"),
        ("SF_FYMX", "FYSJ"),
        ("ZD_ZDJL", "ZDSJ"),
        ("FL_FC", "ZLSJ"),
    )
    for table, name in places:
        rows = batch.rows(table, trap, filled(batch.column(table, name)), spare=True)
        words = batch.pick(
            ["2023-13-45", "2022-02-30", "二〇二二年十三月", "2021-00-10"], len(rows)
        )
        batch.change(trap, table, name, rows, words)


def _month_death(batch: Batch, trap: Trap) -> None:
    """The relatives remember the month; the index names another day."""
    column = batch.column("SF_SFJL", "SWRQ")
    mask = np.array([text is not None and len(text) == 10 for text in column], bool)
    rows = batch.rows("SF_SFJL", trap, mask)
    forms = iter(batch.generator.integers(0, 2, len(rows)))
    batch.change(
        trap,
        "SF_SFJL",
        "SWRQ",
        rows,
        lambda old: old[:7] if next(forms) else f"{int(old[:4])}年{int(old[5:7])}月",
    )


def _death_conflict(batch: Batch, trap: Trap) -> None:
    column = batch.column("HZ_ZSY", "SWRQ")
    mask = np.array([text is not None and len(text) == 10 for text in column], bool)
    rows = batch.rows("HZ_ZSY", trap, mask, spare=True)
    batch.change(
        trap,
        "HZ_ZSY",
        "SWRQ",
        rows,
        lambda old: date.fromordinal(date.fromisoformat(old).toordinal() + 9).isoformat(),
    )


TRAPS = (
    Trap(27, "month_only_death", 0.5, _month_death),
    Trap(27, "conflicting_death", 0.2, _death_conflict),
    Trap(11, "partial_dates", 0.05, _partial),
)

# Planted last: other traps read ISO dates.
LAST = (
    Trap(11, "date_formats", 0.04, _formats),
    Trap(11, "placeholder_dates", 0.03, _placeholders),
    Trap(11, "impossible_dates", 0.002, _impossible),
)
