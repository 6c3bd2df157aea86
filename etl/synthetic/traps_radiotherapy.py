"""Mess in radiotherapy: traps 25 and 26."""

from __future__ import annotations

import numpy as np

from etl.synthetic.batch import Batch, Trap, equals, holds


def _centigray(batch: Batch, trap: Trap) -> None:
    """MOSAIQ counts in cGy."""
    rows = batch.rows("FL_JH", trap, equals(batch.column("FL_JH", "JLDW"), "Gy"))
    for name in ("CFJL", "DCJL"):
        column = batch.column("FL_JH", name)
        for row in rows:
            column[row] = f"{float(column[row]) * 100:g}"
    batch.change(trap, "FL_JH", "JLDW", rows, "cGy")


def _annex_gray(batch: Batch, trap: Trap) -> None:
    """The annex gives Gy where it usually gives cGy."""
    column = batch.column("BA_ZLFY", "YFZJL")
    mask = np.array([text is not None for text in column], bool)
    rows = batch.rows("BA_ZLFY", trap, mask)
    batch.change(trap, "BA_ZLFY", "YFZJL", rows, lambda old: f"{float(old) / 100:g}")


def _not_treated(batch: Batch, trap: Trap) -> None:
    """Rejected, retired and unapproved plans: nothing was delivered."""
    rows = batch.rows("FL_JH", trap)
    new = batch.append("FL_JH", rows, {"JHID": lambda key: f"{key}X"})
    states = ["Rejected", "Retired", "Unapproved"]
    batch.column("FL_JH", "JHZT")[new] = batch.pick(states, len(rows))
    batch.note(trap, "FL_JH", new)


def _replans(batch: Batch, trap: Trap) -> None:
    """The last ten fractions come from a second plan of the same course."""
    counts = batch.column("FL_JH", "FCS")
    mask = np.array([int(text) >= 25 for text in counts], bool)
    rows = batch.rows("FL_JH", trap, mask)
    plans = set(batch.column("FL_JH", "JHID")[rows])
    new = batch.append(
        "FL_JH", rows, {"JHID": lambda key: f"{key}B", "JHMC": lambda name: f"{name}_R1"}
    )
    batch.note(trap, "FL_JH", new)
    plan, order = batch.column("FL_FC", "JHID"), batch.column("FL_FC", "FCXH")
    for row in range(len(plan)):
        if plan[row] in plans and int(order[row]) > 20:
            plan[row], order[row] = f"{plan[row]}B", str(int(order[row]) - 20)


def _fractions(batch: Batch, trap: Trap) -> None:
    """Set-up only and cancelled sessions beside the delivered ones."""
    rows = batch.rows("FL_FC", trap)
    states = batch.pick(["CANCELLED", "摆位", "CANCELLED"], len(rows))
    new = batch.append("FL_FC", rows, {"FCID": lambda key: f"{key}C", "SCJL": "0", "ZLZT": states})
    batch.note(trap, "FL_FC", new)


def _other_sites(batch: Batch, trap: Trap) -> None:
    """Noted: chest plans for a lung primary, and second courses to the nasopharynx."""
    names, course = batch.column("FL_JH", "JHMC"), batch.column("FL_JH", "LCID")
    mask = holds(names, "LungCa") | (holds(names, "NPC") & equals(course, "C2"))
    batch.note(trap, "FL_JH", batch.rows("FL_JH", trap, mask))


def _vague_targets(batch: Batch, trap: Trap) -> None:
    """The target is called PTV; the plan's name still tells the site."""
    rows = batch.rows("FL_JH", trap)
    batch.change(trap, "FL_JH", "BQMC", rows, batch.pick(["PTV", "PTV1", "GTV"], len(rows)))


TRAPS = (
    Trap(26, "other_chest_and_second_courses", 1.0, _other_sites, is_fact=True),
    Trap(26, "vague_targets", 0.08, _vague_targets),
    Trap(25, "replanned_course", 0.10, _replans),
    Trap(25, "centigray", 0.25, _centigray),
    Trap(25, "annex_in_gray", 0.15, _annex_gray),
    Trap(25, "plans_not_treated", 0.15, _not_treated),
    Trap(25, "cancelled_sessions", 0.02, _fractions),
)
