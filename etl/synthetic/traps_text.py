"""Mess in free text, and facts told only there: traps 10, 23, 24, 30."""

from __future__ import annotations

import numpy as np

from etl.synthetic.batch import Batch, Trap, equals, filled, holds
from etl.synthetic.text_fact import NOTE
from etl.synthetic.told import Told, facts_of

_TEXTS = (
    ("EMR_WS", "WSNR"),
    ("RIS_BG", "YXSJ"),
    ("RIS_BG", "YXZD"),
    ("PIS_BG", "BLZD"),
    ("SF_SFJL", "BZ"),
)
_KPS = {"type": "kps", "value": "90"}
_STALE = (
    Told("KPS评分90分。", [_KPS]),
    Told("KPS 90分，一般情况可。", [_KPS]),
    Told("双肺未见转移征象。"),
    Told("全身浅表淋巴结未触及肿大。"),
)
_VARIANTS = [
    ("黏膜", "粘膜"),
    ("纵隔", "纵膈"),
    ("癌", "癅"),
    ("未见", "末见"),
    ("径约", "经约"),
    ("结节", "結節"),
    ("转移", "轉移"),
    ("肿瘤", "腫瘤"),
]


def _dirty(batch: Batch, trap: Trap) -> None:
    """Characters an old system left behind, line breaks, quotation marks."""
    shapes = ["{}_x000D_", "{}\x04", "\x00{}", "{}\r\n", '“{}”,"{}"', "{}\n\n，", "<p>{}</p>"]
    for table, name in _TEXTS:
        rows = batch.rows(table, trap, filled(batch.column(table, name)))
        drawn = iter(batch.pick(shapes, len(rows)))
        batch.change(
            trap,
            table,
            name,
            rows,
            lambda old, drawn=drawn: next(drawn).replace('"{}"', '""').format(old),
        )


def _truncated(batch: Batch, trap: Trap) -> None:
    """Cut after 127 characters, as a DBF export does."""
    keys = batch.column("EMR_WS", "WSID")
    rows = batch.rows("EMR_WS", trap, _counting(batch), spare=True)
    for row in rows:
        batch.facts.cut(keys[row], 127)
    batch.change(trap, "EMR_WS", "WSNR", rows, lambda old: old[:127])


def _counting(batch: Batch) -> np.ndarray:
    """Mask: the version of a note that counts, signed and the last one."""
    texts, states = batch.column("EMR_WS", "WSNR"), batch.column("EMR_WS", "WSZT")
    counting: np.ndarray = equals(states, "2") & filled(texts) & ~holds(texts, "（初稿）")
    return counting


def _repeated(batch: Batch, trap: Trap) -> None:
    """The same row twice in one file."""
    for table in ("HL_SMTZ", "YZ_ZXJL", "SF_FYMX", "RIS_BG"):
        rows = batch.rows(table, trap)
        batch.note(trap, table, batch.append(table, rows, {}))


def _copied_forward(batch: Batch, trap: Trap) -> None:
    """A template sentence or a stale KPS carried from note to note."""
    keys = batch.column("EMR_WS", "WSID")
    rows = batch.rows("EMR_WS", trap, _counting(batch), spare=True)
    stale = batch.pick(list(_STALE), len(rows))
    texts = batch.column("EMR_WS", "WSNR")
    for row, sentence in zip(rows, stale, strict=True):
        start = len(texts[row]) + 1
        place = start, start + len(sentence)
        batch.facts.add("EMR_WS", keys[row], NOTE, facts_of(sentence), place)
    said = iter(stale)
    batch.change(trap, "EMR_WS", "WSNR", rows, lambda old: f"{old}\n{next(said)}")


def _drafts(batch: Batch, trap: Trap) -> None:
    """Drafts, voided notes and older versions beside the signed one."""
    mask = equals(batch.column("EMR_WS", "WSZT"), "2")
    rows = batch.rows("EMR_WS", trap, mask)
    new = batch.append(
        "EMR_WS",
        rows,
        {"WSID": lambda key: f"{key}D", "WSNR": lambda old: f"（草稿）{old[:60]}KPS 100分。"},
    )
    batch.column("EMR_WS", "WSZT")[new] = batch.pick(["1", "9"], len(rows))
    batch.note(trap, "EMR_WS", new)
    older = batch.append("EMR_WS", rows[: len(rows) // 2], {"WSNR": lambda old: f"{old}（初稿）"})
    batch.column("EMR_WS", "BBH")[rows[: len(rows) // 2]] = "2"
    batch.note(trap, "EMR_WS", older)


def _told_elsewhere(batch: Batch, trap: Trap) -> None:
    """Noted: radiotherapy given elsewhere, known from the text alone."""
    mask = holds(batch.column("EMR_WS", "WSNR"), "外院", "外地医院", "当地医院")
    batch.note(trap, "EMR_WS", batch.rows("EMR_WS", trap, mask))


def _variants(batch: Batch, trap: Trap) -> None:
    for table, name in (*_TEXTS[:4], ("ZD_ZDJL", "ZDMC")):
        texts = batch.column(table, name)
        mask = holds(texts, *(right for right, _ in _VARIANTS))
        rows = batch.rows(table, trap, mask)
        draws = batch.generator.integers(0, len(_VARIANTS), len(rows))
        for row, draw in zip(rows, draws, strict=True):
            for step in range(len(_VARIANTS)):
                right, wrong = _VARIANTS[(draw + step) % len(_VARIANTS)]
                if right in texts[row]:
                    texts[row] = texts[row].replace(right, wrong)
                    break
        batch.note(trap, table, rows)


def _amended(batch: Batch, trap: Trap) -> None:
    """Preliminary, amended and voided imaging reports."""
    rows = batch.rows("RIS_BG", trap)
    new = batch.append("RIS_BG", rows, {"JCBGH": lambda key: f"{key}P"})
    batch.column("RIS_BG", "BGZT")[new] = batch.pick(["1", "9", "9"], len(rows))
    batch.note(trap, "RIS_BG", new)


TRAPS = (
    Trap(24, "treated_elsewhere", 1.0, _told_elsewhere, is_fact=True),
    Trap(23, "copied_forward", 0.05, _copied_forward),
    Trap(23, "drafts_and_versions", 0.04, _drafts),
    Trap(23, "preliminary_reports", 0.02, _amended),
    Trap(30, "variant_characters", 0.08, _variants),
    Trap(10, "dbf_truncation", 0.004, _truncated),
    Trap(10, "dirty_characters", 0.02, _dirty),
    Trap(10, "repeated_rows", 0.001, _repeated),
)
