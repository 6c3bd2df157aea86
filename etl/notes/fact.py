"""A fact that a text states: what, where in the text, and how sure."""

from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any


class Certainty(IntEnum):
    """How sure a text is, from least to most; only what is at least probable becomes clinical data.

    考虑, 符合, 可能性大 are probable; 可能, 不除外, 待排 are possible.
    """

    NEGATED = 0
    POSSIBLE = 1
    PROBABLE = 2
    DEFINITE = 3


@dataclass(slots=True)
class Fact:
    """One fact; `span` holds offsets into the text as it was given, `rule` names who found it.

    What `detail` holds depends on the type: docs/text.md lists it.
    """

    type: str
    value: Any
    span: tuple[int, int]
    certainty: Certainty
    rule: str
    detail: dict[str, Any] = field(default_factory=dict)

    def as_dict(self) -> dict[str, Any]:
        """The fact for JSON, without what is not known."""
        known = {key: value for key, value in self.detail.items() if value is not None}
        return {
            "type": self.type,
            "value": self.value,
            "span": list(self.span),
            "certainty": self.certainty.name.lower(),
            **known,
        }
