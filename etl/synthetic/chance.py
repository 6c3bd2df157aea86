"""Random draws for one patient: fast, and the same on every machine for the same seed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeVar

import numpy as np

T = TypeVar("T")
_BLOCK = 512


class Chance:
    """Draws from one numpy Generator; each (seed, stream) pair is an independent source.

    Single draws from a Generator are slow, so uniforms and normals are fetched in blocks.
    """

    def __init__(self, seed: int, *stream: int) -> None:
        self.generator = np.random.default_rng([seed, *stream])
        self._uniforms: list[float] = []
        self._normals: list[float] = []

    def uniform(self) -> float:
        """A number in [0, 1)."""
        if not self._uniforms:
            self._uniforms = self.generator.random(_BLOCK).tolist()
        return self._uniforms.pop()

    def normal(self, mean: float = 0.0, sd: float = 1.0) -> float:
        """A normal draw."""
        if not self._normals:
            self._normals = self.generator.standard_normal(_BLOCK // 4).tolist()
        return mean + sd * self._normals.pop()

    def yes(self, share: float) -> bool:
        """True in `share` of the draws."""
        return self.uniform() < share

    def between(self, low: int, high: int) -> int:
        """A whole number from low to high, both included."""
        return low + int(self.uniform() * (high - low + 1))

    def within(self, low: float, high: float) -> float:
        """A number from low to high."""
        return low + self.uniform() * (high - low)

    def pick(self, values: Sequence[T]) -> T:
        """One of the values, each as likely."""
        return values[int(self.uniform() * len(values))]

    def weighted(self, shares: Mapping[T, float]) -> T:
        """One of the keys, as likely as its share (shares need not add up to one)."""
        left = self.uniform() * sum(shares.values())
        for value, share in shares.items():
            left -= share
            if left < 0:
                return value
        return value

    def some(self, values: Sequence[T], count: int) -> list[T]:
        """`count` different values in a random order."""
        pool = list(values)
        chosen = []
        for _ in range(min(count, len(pool))):
            chosen.append(pool.pop(int(self.uniform() * len(pool))))
        return chosen
