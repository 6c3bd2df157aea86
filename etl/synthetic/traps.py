"""Mess."""
from __future__ import annotations

from etl.synthetic import bank
from etl.synthetic.chance import Chance
from etl.synthetic.hospital import Frame
from etl.synthetic.truth import Truth


class Planted:
    """Which trap stands where."""

    columns = ("trap_no", "name", "table", "key")

    def __init__(self) -> None:
        self.rows: list[dict[str, str]] = []

    def add(self, number: int, name: str, table: str, key: str) -> None:
        """Note one planted trap."""
        self.rows.append({"trap_no": str(number), "name": name, "table": table, "key": key})


def table_encodings(chance: Chance, mess: float, encoding: str) -> dict[str, tuple[str, bool]]:
    """Encoding and byte-order mark of each table."""
    return {table: (encoding, False) for table in bank.schema()}


def plant(
    frames: dict[str, Frame], known: list[Truth], mess: float, chance: Chance, planted: Planted,
    *, is_first: bool,
) -> None:
    """Plant the traps in one batch."""
