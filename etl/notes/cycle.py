"""The cycle of treatment that a note is about: 第2周期D1, 第3程, C2D1."""

import re
from collections.abc import Iterator
from datetime import date

from etl.notes.context import Context
from etl.notes.fact import Certainty, Fact
from etl.notes.numeral import INTEGER, integer
from etl.notes.told import planned

_CYCLE = re.compile(
    rf"第\s?(?P<n>{INTEGER}|Ⅰ|Ⅱ|Ⅲ|Ⅳ|Ⅴ|Ⅵ)(?:\s?[-~、至]\s?第?(?P<to>{INTEGER}))?\s?个?(?:(?:周期|疗程|程)(?!后(?!\d))|次(?=化疗|免疫|[^,。;]{{0,3}}维持))"
    r"(?!序)(?:[^,。;\n]{0,14}?(?:[Dd](?P<d>\d{1,2})(?![\d-])|第(?P<d2>\d{1,2})[天日]))?"
)
_CODED = re.compile(
    r"C(?<![A-Za-z\d]C)(?:ycle)?\s?(?P<n>\d{1,2})\s?[,-]?[Dd](?:ay)?\s?(?P<d>\d{1,2})(?!\d)"
)

# 二周期d8: without 第, but with its day.
_DAY = re.compile(r"[期程]\s?[Dd]\d")
_NUMBERED = re.compile(
    rf"(?<![第\d一二三四五六七八九十])(?P<n>{INTEGER})\s?个?(?:周期|疗程|程)\s?[Dd](?P<d>\d{{1,2}})(?!\d)"
)


def cycle(context: Context, on: date | None) -> Iterator[Fact]:
    """The ordinals of cycles given; a number of cycles belongs to the therapy's fact."""
    text = context.text
    found_all = [*_CYCLE.finditer(text), *_CODED.finditer(text)]
    if _DAY.search(text):
        found_all += _NUMBERED.finditer(text)
    for found in found_all:
        told = found.groupdict()
        number = integer(told.get("to") or told["n"])
        if not number or number > 60 or planned(context, found.start()):
            continue
        day = told["d"] or told.get("d2")
        detail = {"day": int(day) if day else None}
        yield Fact("cycle", number, found.span(), Certainty.DEFINITE, "cycle", detail)
