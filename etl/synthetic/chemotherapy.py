"""Cycles: premedication, PD-1 inhibitor, cytotoxic drugs of a regimen on day 1 and day 8."""

from __future__ import annotations

from etl.synthetic import bank
from etl.synthetic.orders import give, give_daily
from etl.synthetic.visits import Chart, Visit

_DAY_8 = "gemcitabine"


def give_cycle(
    chart: Chart,
    visit: Visit,
    day: int,
    regimen: str | None,
    pd1: str | None,
    cycle: int,
    *,
    has_day_8: bool = True,
    is_pd1_executed: bool = True,
    is_light: bool = False,
) -> int:
    """Give one cycle; returns the day of its last cytotoxic dose (`day` where none).

    A light cycle leaves premedication and solvents out, to keep the rest of the hospital small.
    """
    remark = f"第{cycle}周期D1"
    last = day
    if regimen and not is_light:
        for drug in ("dexamethasone", "ondansetron"):
            give(chart, visit, drug, day, hour=9)
    if pd1:
        remark_pd1 = chart.chance.pick([remark, f"第{cycle}周期", f"C{cycle}D1", ""]) or None
        give(chart, visit, pd1, day, remark=remark_pd1, is_executed=is_pd1_executed)
    for order, drug in enumerate(bank.regimen(regimen) if regimen else []):
        kind = bank.by_key("drugs")[drug]["class"]
        if kind == "chemo_oral":
            give_daily(
                chart,
                visit,
                drug,
                day,
                day + 13,
                frequency="BID",
                remark=remark,
                is_taken_home=True,
            )
            continue
        give(chart, visit, drug, day, hour=12 + order, remark=remark, has_solvent=not is_light)
        if drug == _DAY_8 and has_day_8 and visit.end >= day + 7:
            give(chart, visit, drug, day + 7, hour=10, remark=f"第{cycle}周期D8")
            last = day + 7
    return last


def name_of(drug: str) -> str:
    """The generic Chinese name."""
    return bank.by_key("drugs")[drug]["generic"]
