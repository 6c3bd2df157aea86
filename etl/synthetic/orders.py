"""Drug orders, their execution and their charges: YZ_YZJL, YZ_ZXJL, SF_FYMX."""

from __future__ import annotations

import math

from etl.synthetic import bank, calendar
from etl.synthetic.visits import Chart, Visit

_TEMPORARY, _STANDING = "0", "1"
_DONE, _STOPPED = "3", "4"


def amount_of(chart: Chart, drug: str) -> float:
    """The single dose in the drug's own unit, by surface where it is given so."""
    row = bank.by_key("drugs")[drug]
    dose = float(row["dose"])
    if row["basis"] != "m2":
        return dose
    scaled = dose * chart.person.surface
    step = 10 if row["pack_unit"] == "mg" else 0.1
    return round(round(scaled / step) * step, 2)


def give(
    chart: Chart,
    visit: Visit,
    drug: str,
    day: int,
    *,
    hour: int = 10,
    group: str | None = None,
    remark: str | None = None,
    is_executed: bool = True,
    dose: float | None = None,
    has_solvent: bool = True,
) -> str:
    """One dose by a temporary order, with its solvent in the same group; returns the order id.

    A day after the extract has not come yet: nothing is written, the id is empty.
    """
    if day > calendar.window()[1]:
        return ""
    row = bank.by_key("drugs")[drug]
    group = group or chart.hospital.serial("ZH", 9)
    amount = amount_of(chart, drug) if dose is None else dose
    order = _order(chart, visit, row, group, day, day, amount, hour, _TEMPORARY, "ST", remark)
    _execute(chart, order, day, hour, amount, is_executed)
    if is_executed and row["class"] != "premedication":
        _charge(chart, visit, row, order, day, math.ceil(amount / float(row["pack"])))
    if row["solvent"] and has_solvent:
        solvent = bank.by_key("drugs")[row["solvent"]]
        volume = float(solvent["dose"])
        extra = _order(chart, visit, solvent, group, day, day, volume, hour, _TEMPORARY, "ST", None)
        _execute(chart, extra, day, hour, volume, is_executed)
    return order


def give_daily(
    chart: Chart,
    visit: Visit,
    drug: str,
    first: int,
    last: int,
    *,
    frequency: str = "QD",
    remark: str | None = None,
    is_taken_home: bool = False,
    dose: float | None = None,
) -> str:
    """A standing order over days, executed once a day; taken home it is executed once."""
    if first > calendar.window()[1]:
        return ""
    row = bank.by_key("drugs")[drug]
    amount = float(row["dose"]) if dose is None else dose
    group = chart.hospital.serial("ZH", 9)
    order = _order(
        chart,
        visit,
        row,
        group,
        first,
        last,
        amount,
        9,
        _STANDING,
        frequency,
        remark,
        is_taken_home=is_taken_home,
    )
    until = min(last, calendar.window()[1])
    days = [first] if is_taken_home else range(first, until + 1)
    for day in days:
        _execute(chart, order, day, 9, amount, True)
    packs = math.ceil(amount * (last - first + 1) / float(row["pack"]))
    _charge(chart, visit, row, order, first, packs)
    return order


def charge_item(
    chart: Chart, visit: Visit, name: str, code: str, day: int, price: float, count: int = 1
) -> None:
    """A charge without an order, such as a radiotherapy fraction."""
    chart.add(
        "SF_FYMX",
        FYLSH=chart.hospital.serial("FY", 10),
        JZLSH=visit.number,
        YZH=None,
        XMMC=name,
        XMDM=code,
        SL=str(count),
        DJ=f"{price:.2f}",
        JE=f"{price * count:.2f}",
        FYSJ=calendar.at(min(day, calendar.window()[1]), 20, 15),
        TFBZ="0",
    )
    visit.cost += price * count


def number(value: float) -> str:
    """A dose without needless zeros: 240, 1.65."""
    return f"{value:.2f}".rstrip("0").rstrip(".")


def _order(
    chart: Chart,
    visit: Visit,
    row: dict[str, str],
    group: str,
    first: int,
    last: int,
    amount: float,
    hour: int,
    term: str,
    frequency: str,
    remark: str | None,
    is_taken_home: bool = False,
) -> str:
    order = chart.hospital.serial("YZ", 10)
    minute = chart.chance.between(0, 59)
    chart.add(
        "YZ_YZJL",
        YZH=order,
        YZZH=group,
        JZLSH=visit.number,
        YZQX=term,
        YZLB="出院带药" if is_taken_home else "西药",
        XMDM=row["code"],
        YBDM=None,
        YZMC=row["product"],
        GG=row["spec"],
        YCJL=number(amount),
        JLDW=row["pack_unit"],
        PC=frequency,
        GYTJ=row["route"],
        KZSJ=calendar.at(first, hour - 1, minute),
        TZSJ=calendar.at(last, 17, minute) if term == _STANDING else None,
        YZZT=_STOPPED if term == _STANDING else _DONE,
        QXBZ="0",
        CYDYBZ="1" if is_taken_home else "0",
        ZBBZ="0",
        YSZT=remark,
    )
    return order


def _execute(
    chart: Chart, order: str, day: int, hour: int, amount: float, is_executed: bool
) -> None:
    minute = chart.chance.between(0, 59)
    chart.add(
        "YZ_ZXJL",
        ZXH=chart.hospital.serial("ZX", 10),
        YZH=order,
        JHZXSJ=calendar.at(day, hour, 0),
        SJZXSJ=calendar.at(day, hour, minute) if is_executed else None,
        ZXZT="1" if is_executed else "0",
        SJJL=number(amount) if is_executed else None,
    )


def _charge(
    chart: Chart, visit: Visit, row: dict[str, str], order: str, day: int, count: int
) -> None:
    price = float(row["price"])
    chart.add(
        "SF_FYMX",
        FYLSH=chart.hospital.serial("FY", 10),
        JZLSH=visit.number,
        YZH=order,
        XMMC=row["product"],
        XMDM=row["code"],
        SL=str(count),
        DJ=f"{price:.2f}",
        JE=f"{price * count:.2f}",
        FYSJ=calendar.at(day, 8, 30),
        TFBZ="0",
    )
    visit.cost += price * count
