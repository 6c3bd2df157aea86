"""Mess in orders, executions and charges: traps 12-17, 22."""

from __future__ import annotations

import numpy as np

from etl.synthetic import bank
from etl.synthetic.batch import Batch, Trap, equals, filled, holds
from etl.synthetic.orders import number


def _drug_of() -> dict[str, dict[str, str]]:
    return {row["code"]: row for row in bank.rows("drugs")}


def _class_mask(batch: Batch, *classes: str) -> np.ndarray:
    codes = [row["code"] for row in bank.rows("drugs") if row["class"] in classes]
    return equals(batch.column("YZ_YZJL", "XMDM"), *codes)


def _voided(batch: Batch, trap: Trap) -> None:
    """An order written and voided (or cancelled, or stopped) beside the real one."""
    rows = batch.rows("YZ_YZJL", trap)
    new = batch.append("YZ_YZJL", rows, {"YZH": lambda key: f"{key}V"})
    kinds = batch.pick([("9", "0"), ("1", "1"), ("9", "1")], len(rows))
    for name, place in (("YZZT", 0), ("QXBZ", 1)):
        batch.column("YZ_YZJL", name)[new] = [kind[place] for kind in kinds]
    batch.note(trap, "YZ_YZJL", new)


def _refunds(batch: Batch, trap: Trap) -> None:
    """A charge booked twice and once taken back: the pair nets out."""
    rows = batch.rows("SF_FYMX", trap)
    again = batch.append("SF_FYMX", rows, {"FYLSH": lambda key: f"{key}A"})
    minus = lambda text: f"-{text}"  # noqa: E731
    back = batch.append(
        "SF_FYMX", rows, {"FYLSH": lambda key: f"{key}B", "SL": minus, "JE": minus, "TFBZ": "1"}
    )
    batch.note(trap, "SF_FYMX", again)
    batch.note(trap, "SF_FYMX", back)


def _not_executed(batch: Batch, trap: Trap) -> None:
    """Ordered, approved, never given."""
    rows = batch.rows("YZ_YZJL", trap, equals(batch.column("YZ_YZJL", "YZQX"), "0"))
    new = batch.append("YZ_YZJL", rows, {"YZH": lambda key: f"{key}N", "YZZT": "2"})
    batch.note(trap, "YZ_YZJL", new)
    wanted = set(batch.column("YZ_YZJL", "YZH")[rows])
    source = np.flatnonzero([key in wanted for key in batch.column("YZ_ZXJL", "YZH")])
    batch.append(
        "YZ_ZXJL",
        source,
        {
            "ZXH": lambda key: f"{key}N",
            "YZH": lambda key: f"{key}N",
            "SJZXSJ": None,
            "SJJL": None,
            "ZXZT": batch.pick(["0", "2", "3"], len(source)),
        },
    )


def _donated(batch: Batch, trap: Trap) -> None:
    """Donated or self-brought PD-1: executed, never charged."""
    rows = batch.rows("YZ_YZJL", trap, _class_mask(batch, "PD-1", "PD-L1", "bispecific"))
    words = iter(batch.pick(["(赠药)", "（自备药）", "自备 ", "[赠药]"], len(rows)))
    batch.change(trap, "YZ_YZJL", "YZMC", rows, lambda old: f"{next(words)}{old}")
    batch.column("YZ_YZJL", "ZBBZ")[rows] = "1"
    gone = set(batch.column("YZ_YZJL", "YZH")[rows])
    charges = batch.column("SF_FYMX", "YZH")
    batch.drop("SF_FYMX", np.flatnonzero([key in gone for key in charges]))


def _no_stop(batch: Batch, trap: Trap) -> None:
    long = equals(batch.column("YZ_YZJL", "YZQX"), "1")
    batch.change(trap, "YZ_YZJL", "TZSJ", batch.rows("YZ_YZJL", trap, long), None)


def _take_home(batch: Batch, trap: Trap) -> None:
    """The flag contradicts the order category."""
    flags = equals(batch.column("YZ_YZJL", "CYDYBZ"), "1")
    rows = batch.rows("YZ_YZJL", trap, flags)
    batch.change(trap, "YZ_YZJL", "CYDYBZ", rows, "0")


def _drug_names(batch: Batch, trap: Trap) -> None:
    """Generic, brand, code name, misspelling; with or without the dose; sometimes no code."""
    drugs = _drug_of()
    codes = batch.column("YZ_YZJL", "XMDM")
    rows = batch.rows("YZ_YZJL", trap, np.isin(codes.astype(str), list(drugs)))
    draws = iter(batch.generator.random((len(rows), 3)))
    names = batch.column("YZ_YZJL", "YZMC")
    doses, units = batch.column("YZ_YZJL", "YCJL"), batch.column("YZ_YZJL", "JLDW")
    for row in rows:
        row_drug = drugs[codes[row]]
        which, form, code = next(draws)
        aliases = [*row_drug["aliases"].split("|"), row_drug["generic"], row_drug["product"]]
        name = aliases[int(which * len(aliases))] or row_drug["product"]
        if row_drug["brand"] and form < 0.3:
            name = f"{row_drug['product']}({row_drug['brand']})"
        if form > 0.75:
            name = f"{name} {doses[row]}{units[row]}"
        names[row] = name
        if code < 0.15:
            codes[row] = None
    batch.note(trap, "YZ_YZJL", rows)


def _dose_units(batch: Batch, trap: Trap) -> None:
    """Vials, millilitres or grams instead of milligrams."""
    drugs = _drug_of()
    codes, doses = batch.column("YZ_YZJL", "XMDM"), batch.column("YZ_YZJL", "YCJL")
    units, specs = batch.column("YZ_YZJL", "JLDW"), batch.column("YZ_YZJL", "GG")
    mask = equals(units, "mg") & np.isin(codes.astype(str), list(drugs)) & filled(specs)
    rows = batch.rows("YZ_YZJL", trap, mask)
    kinds = iter(batch.generator.integers(0, 3, len(rows)))
    changed = []
    for row in rows:
        drug, kind = drugs[codes[row]], int(next(kinds))
        amount, pack, volume = float(doses[row]), float(drug["pack"]), float(drug["pack_ml"])
        packs = amount / pack
        if kind == 0 and packs == int(packs):
            doses[row], units[row] = number(packs), "支" if volume < 20 else "瓶"
        elif kind == 1 and volume:
            doses[row], units[row] = number(packs * volume), "ml"
        elif amount >= 10:
            doses[row], units[row] = f"{amount / 1000:g}", "g"
        else:
            continue
        changed.append(int(row))
    batch.note(trap, "YZ_YZJL", np.array(changed, dtype=np.int64))


def _split_doses(batch: Batch, trap: Trap) -> None:
    """One dose in two rows of its group, each executed."""
    mask = _class_mask(batch, "PD-1", "chemo") & equals(batch.column("YZ_YZJL", "JLDW"), "mg")
    rows = batch.rows("YZ_YZJL", trap, mask & equals(batch.column("YZ_YZJL", "ZBBZ"), "0"))
    doses = batch.column("YZ_YZJL", "YCJL")
    halves = {}
    for row in rows:
        half = number(float(doses[row]) / 2)
        doses[row] = half
        halves[batch.column("YZ_YZJL", "YZH")[row]] = half
    new = batch.append("YZ_YZJL", rows, {"YZH": lambda key: f"{key}H"})
    orders, given = batch.column("YZ_ZXJL", "YZH"), batch.column("YZ_ZXJL", "SJJL")
    source = np.flatnonzero([key in halves for key in orders])
    for row in source:
        given[row] = halves[orders[row]] if given[row] is not None else None
    batch.append("YZ_ZXJL", source, {"ZXH": lambda key: f"{key}H", "YZH": lambda key: f"{key}H"})
    batch.note(trap, "YZ_YZJL", rows)
    batch.note(trap, "YZ_YZJL", new)


def _routes(batch: Batch, trap: Trap) -> None:
    """One route, many words."""
    mask = equals(batch.column("YZ_YZJL", "GYTJ"), "ivgtt")
    rows = batch.rows("YZ_YZJL", trap, mask)
    words = batch.pick(["静滴", "iv gtt", "静脉滴注", "IVGTT", "静脉输液"], len(rows))
    batch.change(trap, "YZ_YZJL", "GYTJ", rows, words)


def _bad_numbers(batch: Batch, trap: Trap) -> None:
    for table, name in (("YZ_YZJL", "YCJL"), ("SF_FYMX", "SL")):
        rows = batch.rows(table, trap, spare=True)
        batch.change(trap, table, name, rows, batch.pick(["适量", "二百", "1.2.5"], len(rows)))


def _early_discharge(batch: Batch, trap: Trap) -> None:
    """Discharged before admitted."""
    mask = filled(batch.column("JZ_JZJL", "CYSJ")) & equals(batch.column("JZ_JZJL", "JZLX"), "3")
    mask &= ~equals(batch.column("JZ_JZJL", "LYFSDM"), "5")
    rows = batch.rows("JZ_JZJL", trap, mask, spare=True)
    batch.note(trap, "JZ_JZJL", rows)
    first, last = batch.column("JZ_JZJL", "RYSJ"), batch.column("JZ_JZJL", "CYSJ")
    first[rows], last[rows] = last[rows].copy(), first[rows].copy()


def _short_stays(batch: Batch, trap: Trap) -> None:
    """Overnight and day-care stays registered as either; cancelled registrations."""
    mask = equals(batch.column("JZ_JZJL", "JZLX"), "1")
    rows = batch.rows("JZ_JZJL", trap, mask)
    new = batch.append("JZ_JZJL", rows, {"JZLSH": lambda key: f"{key}T", "ZFBZ": "1"})
    batch.note(trap, "JZ_JZJL", new)
    stays = batch.rows(
        "JZ_JZJL",
        trap,
        holds(batch.column("JZ_JZJL", "JZKSMC"), "内科")
        & equals(batch.column("JZ_JZJL", "JZLX"), "3"),
        spare=True,
    )
    batch.change(trap, "JZ_JZJL", "JZLX", stays, "4")


TRAPS = (
    Trap(16, "drug_names", 0.35, _drug_names),
    Trap(17, "dose_units", 0.10, _dose_units),
    Trap(17, "split_doses", 0.04, _split_doses),
    Trap(13, "donated_drug", 0.10, _donated),
    Trap(12, "voided_orders", 0.02, _voided),
    Trap(12, "refund_pairs", 0.015, _refunds),
    Trap(13, "ordered_not_executed", 0.01, _not_executed),
    Trap(14, "long_order_no_stop", 0.25, _no_stop),
    Trap(15, "take_home_flag_contradicts", 0.05, _take_home),
    Trap(16, "route_words", 0.30, _routes),
    Trap(17, "bad_number", 0.0015, _bad_numbers),
    Trap(22, "discharge_before_admission", 0.004, _early_discharge),
    Trap(22, "day_care_and_cancelled", 0.01, _short_stays),
)
