"""Systemic glucocorticoids given; the dose before chemotherapy is marked (SOURCE, trap 16)."""

import re
from collections.abc import Iterator
from datetime import date

from etl.notes.context import Context
from etl.notes.drug import drugs
from etl.notes.fact import Certainty, Fact
from etl.notes.told import clause, date_of, denied, planned

_TOPICAL = re.compile(r"漱口|外用|软膏|乳膏|雾化|吸入|滴鼻|滴眼|喷鼻|含漱")
_PREMEDICATION = re.compile(r"预处理|止吐|抗过敏|预防|化疗前|护胃|水化")
# 激素(氢化可的松200mg): the brackets name it.
_NAMED = re.compile(r"\s?[(:]")
# A dose a day and kilogram is none of the body.
_DOSE = re.compile(
    r"(?:片|胶囊|针剂?|注射液|琥珀酸钠|磷酸钠)?\s?(?P<n>\d{1,4}(?:\.\d)?)\s?(?P<unit>m?g)(?!\s?/\s?(?:kg|m2))"
)


def steroid(context: Context, on: date | None) -> Iterator[Fact]:
    """Each glucocorticoid that a note tells of, with its dose and date where told."""
    text = context.text
    for drug in drugs(text):
        if drug.kind != "steroid":
            continue
        first, last = clause(context, drug.start)
        if _TOPICAL.search(text, first, last) or planned(context, drug.start):
            continue
        if (
            drug.name == "激素"
            and _NAMED.match(text, drug.end)
            and drugs(text, drug.end, drug.end + 12)
        ):
            continue
        if denied(context, drug.start, drug.end):
            continue
        dose = _DOSE.match(text, drug.end)
        _, day = date_of(context, on, drug.start, drug.end, closing=False)
        before = bool(_PREMEDICATION.search(text, first, last)) or None
        detail = {
            "premedication": before,
            "dose_mg": _milligrams(dose) if dose else None,
            "date": day,
        }
        span = drug.start, drug.end
        yield Fact("steroid", drug.name, span, Certainty.DEFINITE, "steroid", detail)


def _milligrams(dose: re.Match[str]) -> float:
    return float(dose["n"]) * (1000 if dose["unit"] == "g" else 1)
