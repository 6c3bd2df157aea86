"""Mess in who is who: traps 8, 9, 28."""

from __future__ import annotations

import numpy as np

from etl.synthetic.batch import Batch, Trap, equals, starts
from etl.synthetic.patients import check_digit

_IDS = (
    ("JZ_JZJL", "HZID"),
    ("LIS_BG", "HZID"),
    ("ZD_ZDJL", "JZLSH"),
    ("YZ_YZJL", "JZLSH"),
    ("RIS_BG", "JZLSH"),
    ("HL_SMTZ", "JZLSH"),
    ("LIS_JG", "BGDH"),
    ("YZ_ZXJL", "YZH"),
)


def _merged(batch: Batch, trap: Trap) -> None:
    """An older master index id with its own hospital id, merged into the root by one or two steps.

    Some of the person's visits keep the old ids.
    """
    primary = starts(batch.column("HZ_ZSY", "HZID"), "0")
    rows = batch.rows("HZ_ZSY", trap, primary)
    truth_of = {item.patient["person_no"]: item.patient for item in batch.known}
    visit_person = batch.frames["JZ_JZJL"].person
    for row in rows:
        root = batch.column("HZ_ZSY", "EMPI_ID")[row]
        person = int(batch.frames["HZ_ZSY"].person[row])
        old_id = f"{5000000 + person * 7:010d}"
        middle, oldest = f"E7{root[2:]}", f"E8{root[2:]}"
        steps = [(middle, old_id, root)]
        if batch.generator.random() < 0.4:
            steps.append((oldest, f"{6000000 + person * 7:010d}", middle))
        for empi, hzid, target in steps:
            new = batch.append(
                "HZ_ZSY",
                np.array([row]),
                {"EMPI_ID": empi, "HZID": hzid, "HBZT": "1", "HBDZ": target},
            )
            batch.note(trap, "HZ_ZSY", new)
            truth_of[str(person)]["hzids"] += f"|{hzid}"
        visits = np.flatnonzero(visit_person == person)
        moved = visits[batch.generator.random(len(visits)) < 0.4]
        batch.column("JZ_JZJL", "EMPI_ID")[moved] = steps[-1][0]
        batch.column("JZ_JZJL", "HZID")[moved] = steps[-1][1]


def _merge_cycle(batch: Batch, trap: Trap) -> None:
    """Two ids merged into each other: nobody's root. One pair in the hospital, without visits."""
    if not batch.is_first or batch.mess == 0:
        return
    others = starts(batch.column("HZ_ZSY", "HZID"), "0")
    row = np.array([int(np.flatnonzero(others)[-1])])
    for own, target, hzid in (
        ("E900000001", "E900000002", "0009000001"),
        ("E900000002", "E900000001", "0009000002"),
    ):
        new = batch.append(
            "HZ_ZSY",
            row,
            {"EMPI_ID": own, "HZID": hzid, "BAH": f"9{own[-6:]}", "HBZT": "1", "HBDZ": target},
        )
        batch.note(trap, "HZ_ZSY", new)


def _namesakes(batch: Batch, trap: Trap) -> None:
    """Same name and same birth date, two persons."""
    rows = batch.rows("HZ_ZSY", trap)
    names = batch.column("HZ_ZSY", "XM")
    source = batch.generator.integers(0, len(names), len(rows))
    batch.change(trap, "HZ_ZSY", "XM", rows, names[source])


def _newer_row(batch: Batch, trap: Trap) -> None:
    """The same master index row again, updated later; the newest counts."""
    rows = batch.rows("HZ_ZSY", trap)
    later = lambda text: f"2024-06-30 23:{text[14:16]}:09"  # noqa: E731
    new = batch.append("HZ_ZSY", rows, {"GXSJ": later, "XZZ": "四川省未名市东区新华路1号"})
    batch.note(trap, "HZ_ZSY", new)


def _lost_zeros(batch: Batch, trap: Trap) -> None:
    for table in ("JZ_JZJL", "LIS_BG", "HZ_ZSY"):
        rows = batch.rows(table, trap, starts(batch.column(table, "HZID"), "0"))
        batch.change(trap, table, "HZID", rows, lambda old: old.lstrip("0"))


def _spaces(batch: Batch, trap: Trap) -> None:
    """Trailing, leading and full-width spaces around ids."""
    for table, name in _IDS:
        rows = batch.rows(table, trap)
        shapes = iter(batch.pick(["{} ", "{}　", " {}", "{}  "], len(rows)))
        batch.change(trap, table, name, rows, lambda old, shapes=shapes: next(shapes).format(old))


def _scientific(batch: Batch, trap: Trap) -> None:
    """1.23E+17 where an id was: cannot be mended."""
    rows = batch.rows("LIS_BG", trap, spare=True)
    batch.change(trap, "LIS_BG", "HZID", rows, "1.23E+17")


def _missing_required(batch: Batch, trap: Trap) -> None:
    for table, name in (("ZD_ZDJL", "JZLSH"), ("YZ_ZXJL", "YZH"), ("LIS_JG", "BGDH")):
        rows = batch.rows(table, trap, spare=True)
        batch.change(trap, table, name, rows, None)


def _sex_words(batch: Batch, trap: Trap) -> None:
    rows = batch.rows("HZ_ZSY", trap)
    words = {"1": "男", "2": "女"}
    batch.change(trap, "HZ_ZSY", "XBDM", rows, lambda old: words.get(old, old))


def _contradictions(batch: Batch, trap: Trap) -> None:
    """Identity number, sex and birth date disagree."""
    sexes, births = batch.column("HZ_ZSY", "XBDM"), batch.column("HZ_ZSY", "CSRQ")
    cards = batch.column("HZ_ZSY", "SFZH")
    rows = batch.rows("HZ_ZSY", trap, equals(sexes, "1", "2"), spare=True)
    for row in rows:
        what = int(batch.generator.integers(3))
        if what == 0:
            sexes[row] = "2" if sexes[row] == "1" else "1"
        elif what == 1:
            births[row] = f"{int(births[row][:4]) - 1}{births[row][4:]}"
        else:
            first17 = cards[row][:16] + str((int(cards[row][16]) + 1) % 10)
            cards[row] = first17 + check_digit(first17)
    batch.note(trap, "HZ_ZSY", rows)


TRAPS = (
    Trap(8, "merged_ids", 0.06, _merged),
    Trap(8, "merge_cycle", 0.001, _merge_cycle),
    Trap(8, "namesakes", 0.02, _namesakes),
    Trap(8, "newer_master_row", 0.03, _newer_row),
    Trap(9, "lost_zeros", 0.05, _lost_zeros),
    Trap(9, "scientific_id", 0.001, _scientific),
    Trap(9, "missing_required", 0.0005, _missing_required),
    Trap(28, "sex_in_words", 0.05, _sex_words),
    Trap(28, "contradicting_identity", 0.02, _contradictions),
)

# Planted last: other traps read the ids.
LAST = (Trap(9, "spaces_around_ids", 0.01, _spaces),)
