"""The cycle of treatment that a note is about: 第2周期D1, 第3程, C2D1."""

import re
from collections.abc import Iterator
from datetime import date

from etl.notes.context import Context
from etl.notes.fact import Certainty, Fact
from etl.notes.numeral import INTEGER, integer
from etl.notes.told import planned

_CYCLE = re.compile(
    rf"第\s?(?P<n>{INTEGER})(?:\s?[-~、至]\s?第?(?P<to>{INTEGER}))?\s?个?(?:周期|疗程|程|次(?=化疗|免疫|[^,。;]{{0,3}}维持))"
    r"(?!序)(?:[^,。;\n]{0,14}?(?:[Dd](?P<d>\d{1,2})(?![\d-])|第(?P<d2>\d{1,2})[天日]))?"
    r"|(?<![A-Za-z\d])C(?P<c>\d{1,2})\s?[Dd](?P<cd>\d{1,2})(?!\d)"
)


def cycle(context: Context, on: date | None) -> Iterator[Fact]:
    """The ordinals of cycles given; a number of cycles belongs to the therapy's fact."""
    for found in _CYCLE.finditer(context.text):
        number = integer(found["to"] or found["n"] or found["c"])
        if not number or number > 60 or planned(context, found.start()):
            continue
        day = found["d"] or found["d2"] or found["cd"]
        detail = {"day": int(day) if day else None}
        yield Fact("cycle", number, found.span(), Certainty.DEFINITE, "cycle", detail)
