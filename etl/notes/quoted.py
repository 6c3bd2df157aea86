"""A pathology report quoted in a note: "外院病理:鼻咽非角化性癌" (STUDY i3, evidence quoted)."""

import re
from collections.abc import Iterator
from datetime import date

from etl.notes.context import Context
from etl.notes.fact import Fact
from etl.notes.morphology import pieces, read
from etl.notes.pathology import fact
from etl.notes.specimen import sites
from etl.notes.told import date_of, elsewhere, planned, sentence

_QUOTE = re.compile(
    r"(?:病理|病检|活检|活组织检查|细胞学|切片会诊|免疫组化|穿刺|咬检)(?:[^。;\n]{0,24}?(?:示|提示|[::]|为|诊断|证实|考虑|意见|结果|回报|明确|支持|符合|见)"
    r"|(?=(?:[低中高未]分化|非?角化|转移性?|鳞)[^。;,\n]{0,10}癌))"
)
_HINT = re.compile(r"病理|病检|穿刺|咬检|活检|细胞学|活组织|切片|免疫组化")
_NO_QUOTE = re.compile(r"完善|待|拟|建议|必要时|若|如|排除")


def quoted(context: Context, on: date | None) -> Iterator[Fact]:
    """Diagnosis of each report that a note quotes, with the date told for it."""
    text = context.text
    if not _HINT.search(text):
        return
    end = -1
    for found in _QUOTE.finditer(text):
        if found.start() < end:
            continue
        first, end = sentence(context, found.start())
        before = text[max(first, found.start() - 12) : found.start()]
        if _NO_QUOTE.search(before) or planned(context, found.start()):
            continue
        last = min(end, found.start() + 160)
        reading = read(context, pieces(context, found.end() - 1, last))
        if not reading:
            continue
        place = next(
            (s for s in sites(text, max(first, found.start() - 12), reading.span[1])), None
        )
        told = fact(place, reading, "quoted")
        _, day = date_of(context, on, found.start(), found.end(), closing=False)
        told.detail.update(
            date=day, elsewhere=elsewhere(context, first, reading.span[0]), quoted=True
        )
        yield told
