"""Mess in diagnosis codes: traps 1-6, 29, 31, 32."""

from __future__ import annotations

import numpy as np

from etl.synthetic import bank
from etl.synthetic.batch import Batch, Trap, equals, filled, holds, starts

_CLEAN = ("localized", "locoregional", "consultation")


def _principal_z51(batch: Batch, trap: Trap) -> None:
    """The cancer stands anywhere but first: noted, and moved further back in some rows."""
    rows = batch.rows("BA_SY", trap, starts(batch.column("BA_SY", "JBDM"), "Z51"))
    batch.note(trap, "BA_SY", rows)
    moved = rows[filled(batch.column("BA_SY", "JBDM3"))[rows]] if batch.mess else rows[:0]
    for part in ("QTZD", "JBDM", "RYBQ"):
        first, third = batch.column("BA_SY", f"{part}1"), batch.column("BA_SY", f"{part}3")
        first[moved], third[moved] = third[moved].copy(), first[moved].copy()


def _metastasis_first(batch: Batch, trap: Trap) -> None:
    codes = batch.column("BA_SY", "JBDM2")
    rows = batch.rows("BA_SY", trap, starts(codes, "C78", "C77", "C79"))
    batch.note(trap, "BA_SY", rows)
    for main, other in (("JBDM", "JBDM2"), ("ZYZD", "QTZD2")):
        first, second = batch.column("BA_SY", main), batch.column("BA_SY", other)
        first[rows], second[rows] = second[rows].copy(), first[rows].copy()


def _mixed_versions(batch: Batch, trap: Trap) -> None:
    """Beijing v601 codes, with or without the version; the name is v601's."""
    by_code = {row["code"]: row for row in bank.rows("diagnoses")}
    codes = batch.column("ZD_ZDJL", "ZDBM")
    rows = batch.rows("ZD_ZDJL", trap, np.isin(codes.astype(str), list(by_code)))
    names = batch.column("ZD_ZDJL", "ZDMC")
    for row in rows:
        names[row] = by_code[codes[row]]["v601_name"]
        codes[row] = by_code[codes[row]]["v601_code"]
    batch.change(
        trap, "ZD_ZDJL", "BMBB", rows, batch.pick(["北京v601", "北京v601", None], len(rows))
    )


def _daggers(batch: Batch, trap: Trap) -> None:
    codes = batch.column("ZD_ZDJL", "ZDBM")
    rows = batch.rows("ZD_ZDJL", trap, equals(codes, "E11.900", "I10.x00x002", "J18.900"))
    suffixes = batch.pick(["†", "*", "+"], len(rows))
    combined = batch.generator.random(len(rows)) < 0.3
    batch.note(trap, "ZD_ZDJL", rows)
    for row, suffix, is_combined in zip(rows, suffixes, combined, strict=True):
        codes[row] = "E11.200+N08.3*" if is_combined else f"{codes[row]}{suffix}"


def _copied_nodule(batch: Batch, trap: Trap) -> None:
    """C78.0 given to a nodule and copied forward; no examination supports it."""
    mask = batch.of("ZD_ZDJL", batch.persons(kind=_CLEAN)) & equals(
        batch.column("ZD_ZDJL", "ZDSX"), "2"
    )
    rows = batch.rows("ZD_ZDJL", trap, mask)
    new = batch.append(
        "ZD_ZDJL",
        rows,
        {
            "ZDLSH": lambda key: f"{key}F",
            "ZDSX": "9",
            "ZDBM": "C78.000",
            "ZDMC": "肺部继发性恶性肿瘤",
            "RYBQ": "2",
        },
    )
    batch.note(trap, "ZD_ZDJL", new)


def _suspected(batch: Batch, trap: Trap) -> None:
    mask = batch.of("ZD_ZDJL", batch.persons(kind=_CLEAN))
    rows = batch.rows("ZD_ZDJL", trap, mask)
    choices = [
        ("C34.900x001", "肺恶性肿瘤?", "0"),
        ("C78.000", "肺转移瘤待排", "1"),
        ("C79.500x001", "骨转移瘤？", "1"),
        ("C78.700", "肝转移待查", "0"),
    ]
    drawn = batch.generator.integers(0, len(choices), len(rows))
    new = batch.append("ZD_ZDJL", rows, {"ZDLSH": lambda key: f"{key}Y", "ZDSX": "10"})
    for name, place in (("ZDBM", 0), ("ZDMC", 1), ("ZDYZBZ", 2)):
        batch.column("ZD_ZDJL", name)[new] = [choices[at][place] for at in drawn]
    batch.note(trap, "ZD_ZDJL", new)


def _admission_route(batch: Batch, trap: Trap) -> None:
    """Codes 1 and 2 of the other value set."""
    rows = batch.rows("JZ_JZJL", trap, equals(batch.column("JZ_JZJL", "RYTJDM"), "1", "2"))
    swap = {"1": "2", "2": "1"}
    batch.change(trap, "JZ_JZJL", "RYTJDM", rows, lambda old: swap[old])


def _second_primary(batch: Batch, trap: Trap) -> None:
    mask = starts(batch.column("ZD_ZDJL", "ZDBM"), "C34")
    mask &= batch.of("ZD_ZDJL", batch.persons(kind="lung_primary"))
    batch.note(trap, "ZD_ZDJL", batch.rows("ZD_ZDJL", trap, mask))


def _second_primary_coded(batch: Batch, trap: Trap) -> None:
    """A lung carcinoma years after the nasopharynx, known from one code only."""
    mask = batch.of("ZD_ZDJL", batch.persons(kind="localized")) & equals(
        batch.column("ZD_ZDJL", "ZDSX"), "2"
    )
    rows = batch.rows("ZD_ZDJL", trap, mask)
    new = batch.append(
        "ZD_ZDJL",
        rows,
        {"ZDLSH": lambda key: f"{key}S", "ZDSX": "8", "ZDBM": "C34.900x001", "ZDMC": "肺恶性肿瘤"},
    )
    batch.note(trap, "ZD_ZDJL", new)


def _three_groups(batch: Batch, trap: Trap) -> None:
    people = batch.persons(group=("de novo", "early", "metachronous"))
    batch.note(trap, "HZ_ZSY", batch.rows("HZ_ZSY", trap, batch.of("HZ_ZSY", people)))


def _fifteen_diagnoses(batch: Batch, trap: Trap) -> None:
    """Other diagnoses that only the front page knows, and front pages filled to the last place."""
    visits = set(batch.column("BA_SY", "JZLSH"))
    mask = np.array([visit in visits for visit in batch.column("ZD_ZDJL", "JZLSH")], bool)
    mask &= equals(batch.column("ZD_ZDJL", "ZDLB"), "4")
    mask &= ~starts(batch.column("ZD_ZDJL", "ZDBM"), "C11")
    rows = batch.rows("ZD_ZDJL", trap, mask)
    batch.note(trap, "ZD_ZDJL", rows)
    batch.drop("ZD_ZDJL", rows)
    full = batch.rows(
        "BA_SY", Trap(32, trap.name, 0.01, trap.plant), holds(batch.column("BA_SY", "JBDM"), "Z51")
    )
    extra = [
        ("R11.x00", "恶心和呕吐"),
        ("K12.100", "口腔炎"),
        ("R63.000", "厌食"),
        ("E87.600", "低钾血症"),
        ("D64.900", "贫血"),
        ("H91.900", "听力减退"),
    ]
    for place in range(4, 16):
        code, name = extra[place % len(extra)]
        empty = full[~filled(batch.column("BA_SY", f"JBDM{place}"))[full]]
        batch.column("BA_SY", f"JBDM{place}")[empty] = code
        batch.column("BA_SY", f"QTZD{place}")[empty] = name
        batch.column("BA_SY", f"RYBQ{place}")[empty] = "4"
    batch.note(trap, "BA_SY", full)


TRAPS = (
    Trap(1, "z51_principal", 1.0, _principal_z51, is_fact=True),
    Trap(2, "metastasis_as_principal", 0.05, _metastasis_first),
    Trap(3, "mixed_code_versions", 0.12, _mixed_versions),
    Trap(4, "dagger_suffixes", 0.06, _daggers),
    Trap(5, "nodule_code_copied_forward", 0.02, _copied_nodule),
    Trap(6, "suspected_diagnosis", 0.01, _suspected),
    Trap(7, "admission_route_swapped", 0.05, _admission_route),
    Trap(29, "second_primary", 1.0, _second_primary, is_fact=True),
    Trap(29, "second_primary_coded", 0.003, _second_primary_coded),
    Trap(31, "time_of_metastasis", 1.0, _three_groups, is_fact=True),
    Trap(32, "fifteen_diagnoses", 0.08, _fifteen_diagnoses),
)
