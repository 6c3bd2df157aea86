"""All traps of the hospital's data, in the order they are planted."""

from __future__ import annotations

import numpy as np

from etl.synthetic import (
    bank,
    traps_codes,
    traps_dates,
    traps_identity,
    traps_labs,
    traps_orders,
    traps_radiotherapy,
    traps_text,
)
from etl.synthetic.batch import Batch, Planted, Trap
from etl.synthetic.chance import Chance
from etl.synthetic.hospital import Frame
from etl.synthetic.text_fact import TextFacts
from etl.synthetic.truth import Truth

TRAPS: tuple[Trap, ...] = (
    *traps_codes.TRAPS,
    *traps_identity.TRAPS,
    *traps_orders.TRAPS,
    *traps_radiotherapy.TRAPS,
    *traps_labs.TRAPS,
    *traps_text.TRAPS,
    *traps_dates.TRAPS,
    *traps_dates.LAST,
    *traps_identity.LAST,
)
_OTHER_ENCODING = {"utf-8": "gb18030", "gb18030": "utf-8"}
# Trap 10: at mess 1 some tables come in another encoding, some with a byte-order mark.
_MIXED, _MARKED = 0.2, 0.2


def table_encodings(chance: Chance, mess: float, encoding: str) -> dict[str, tuple[str, bool]]:
    """Encoding and byte-order mark of each table; clean hospitals use one for all."""
    chosen = {}
    for table in bank.schema():
        own = _OTHER_ENCODING[encoding] if chance.yes(_MIXED * mess) else encoding
        chosen[table] = (own, own == "utf-8" and chance.yes(_MARKED * mess))
    return chosen


def plant(
    frames: dict[str, Frame],
    known: list[Truth],
    mess: float,
    seeds: list[int],
    planted: Planted,
    facts: TextFacts,
    *,
    is_first: bool,
) -> None:
    """Plant every trap in one batch of tables, in place; `planted` notes where.

    Each trap draws from a source of its own, so a new trap does not move the others.
    """
    for place, trap in enumerate(TRAPS):
        if mess == 0 and not trap.is_fact:
            continue
        generator = np.random.default_rng([*seeds, trap.number, place])
        batch = Batch(frames, known, mess, generator, planted, facts, is_first=is_first)
        trap.plant(batch, trap)
