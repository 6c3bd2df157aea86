"""Mess in the laboratory and at the bedside: traps 18-21."""

from __future__ import annotations

from datetime import datetime, timedelta

import numpy as np

from etl.synthetic.batch import Batch, Trap, equals, filled

_COUNTS = ["10*9/L", "10⁹/L", "G/L", "×10E9/L", "10^9/l", "x10^9/L"]
_MG_PER_UMOL = 1 / 88.4


def _result_words(batch: Batch, trap: Trap) -> None:
    """Haemolysed, see report, not detected: no number at all."""
    rows = batch.rows("LIS_JG", trap, spare=True)
    words = [
        "溶血",
        "见报告",
        "标本凝固",
        "未检出",
        "阴性(-)",
        "3+",
        "1:80",
        "＞1000",
        ">1000",
        "<0.5",
    ]
    batch.change(trap, "LIS_JG", "JG", rows, batch.pick(words, len(rows)))


def _result_forms(batch: Batch, trap: Trap) -> None:
    """The same number written otherwise: 4.60E+03, ≥, trailing arrows, full-width digits."""
    rows = batch.rows(
        "LIS_JG", trap, equals(batch.column("LIS_JG", "ZBDM"), "EBV-DNA", "PLT", "LDH")
    )
    results = batch.column("LIS_JG", "JG")
    changed = []
    for row, draw in zip(rows, batch.generator.random(len(rows)), strict=True):
        try:
            value = float(results[row])
        except ValueError:
            continue
        wide = results[row].translate(str.maketrans("0123456789", "０１２３４５６７８９"))
        results[row] = f"{value:.2E}" if draw < 0.6 else f"{results[row]}↑" if draw < 0.8 else wide
        changed.append(int(row))
    batch.note(trap, "LIS_JG", np.array(changed, dtype=np.int64))


def _units(batch: Batch, trap: Trap) -> None:
    rows = batch.rows("LIS_JG", trap, equals(batch.column("LIS_JG", "DW"), "10^9/L"))
    batch.change(trap, "LIS_JG", "DW", rows, batch.pick(_COUNTS, len(rows)))


def _creatinine(batch: Batch, trap: Trap) -> None:
    """Creatinine of an outside laboratory in mg/dL, with its own range."""
    mask = equals(batch.column("LIS_JG", "ZBDM"), "CREA")
    rows = batch.rows("LIS_JG", trap, mask)
    results = batch.column("LIS_JG", "JG")
    for row in rows:
        results[row] = f"{float(results[row]) * _MG_PER_UMOL:.2f}"
    batch.column("LIS_JG", "CKFW")[rows] = "0.5-1.1"
    batch.change(trap, "LIS_JG", "DW", rows, "mg/dL")


def _virus_units(batch: Batch, trap: Trap) -> None:
    rows = batch.rows("LIS_JG", trap, equals(batch.column("LIS_JG", "ZBDM"), "EBV-DNA"))
    batch.change(trap, "LIS_JG", "DW", rows, batch.pick(["IU/mL", "IU/ml", "copies/ml"], len(rows)))


def _ranges(batch: Batch, trap: Trap) -> None:
    """1.8--6.3, 1.8～6.3, 1.8-6.3 with spaces."""
    mask = np.array([text is not None and "-" in text for text in batch.column("LIS_JG", "CKFW")])
    rows = batch.rows("LIS_JG", trap, mask)
    signs = iter(batch.pick(["--", "～", " - ", "—", "~"], len(rows)))
    batch.change(trap, "LIS_JG", "CKFW", rows, lambda old: old.replace("-", next(signs)))


def _missing_series(batch: Batch, trap: Trap) -> None:
    """Item codes of the older system: only the name tells."""
    mask = equals(batch.column("LIS_JG", "ZBDM"), "HGB", "NEUT#", "CREA", "ALT")
    old = {"HGB": "Hb", "NEUT#": "ANC", "CREA": "Cr", "ALT": "GPT"}
    rows = batch.rows("LIS_JG", trap, mask)
    batch.change(trap, "LIS_JG", "ZBDM", rows, lambda code: old[code])


def _reported_twice(batch: Batch, trap: Trap) -> None:
    """The first report was wrong: voided, or followed by a later final one."""
    rows = batch.rows("LIS_BG", trap)
    column = batch.column("LIS_BG", "BGDH")
    earlier = lambda key: f"{key}R"  # noqa: E731
    is_void = batch.generator.random(len(rows)) < 0.6
    sources = {column[row] for row in rows}
    results = np.flatnonzero([key in sources for key in batch.column("LIS_JG", "BGDH")])
    new = batch.append("LIS_BG", rows, {"BGDH": earlier})
    batch.column("LIS_BG", "SHZT")[new[is_void]] = "9"
    times = batch.column("LIS_BG", "BGSJ")
    times[new] = [_moved(text, -1) for text in times[new]]
    batch.append("LIS_JG", results, {"JGLSH": earlier, "BGDH": earlier, "JG": _wrong})
    batch.note(trap, "LIS_BG", new)


def _wrong(text: str) -> str:
    try:
        return f"{float(text) * 3:.2f}"
    except ValueError:
        return text


def _late_reports(batch: Batch, trap: Trap) -> None:
    """Reported days after the sample was taken."""
    rows = batch.rows("LIS_BG", trap)
    hours = iter(batch.generator.integers(30, 200, len(rows)))
    batch.change(trap, "LIS_BG", "BGSJ", rows, lambda text: _moved(text, int(next(hours))))


def _moved(text: str, hours: int) -> str:
    return str(datetime.fromisoformat(text) + timedelta(hours=hours))


def _no_visit(batch: Batch, trap: Trap) -> None:
    """An outpatient's sample: known by the hospital id only."""
    mask = np.array([v is not None and v.startswith("MZ") for v in batch.column("LIS_BG", "JZLSH")])
    batch.change(trap, "LIS_BG", "JZLSH", batch.rows("LIS_BG", trap, mask), None)


def _bedside_words(batch: Batch, trap: Trap) -> None:
    """In bed, wheelchair, refused, out; weight in jin."""
    items = batch.column("HL_SMTZ", "XMDM")
    rows = batch.rows("HL_SMTZ", trap, equals(items, "TZ"), spare=True)
    words = batch.pick(["卧床", "轮椅", "拒测", "外出"], len(rows))
    batch.change(trap, "HL_SMTZ", "JG", rows, words)
    heavy = batch.rows("HL_SMTZ", trap, equals(items, "TZ") & filled(items), spare=True)
    results = batch.column("HL_SMTZ", "JG")
    jin = np.array([row for row in heavy if results[row][0].isdigit()], dtype=np.int64)
    batch.change(trap, "HL_SMTZ", "JG", jin, lambda old: f"{float(old) * 2:.1f}")
    batch.column("HL_SMTZ", "DW")[jin] = "斤"


TRAPS = (
    Trap(20, "reported_twice", 0.01, _reported_twice),
    Trap(19, "creatinine_mg_dl", 0.02, _creatinine),
    Trap(18, "result_words", 0.003, _result_words),
    Trap(18, "result_forms", 0.10, _result_forms),
    Trap(18, "bedside_words", 0.02, _bedside_words),
    Trap(18, "older_item_codes", 0.03, _missing_series),
    Trap(19, "unit_spellings", 0.25, _units),
    Trap(19, "virus_units", 0.15, _virus_units),
    Trap(19, "range_spellings", 0.08, _ranges),
    Trap(21, "late_reports", 0.05, _late_reports),
    Trap(21, "sample_without_visit", 0.10, _no_visit),
)
