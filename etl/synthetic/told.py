"""A sentence together with what it states: the truth of a text is true by construction.

A phrase in phrases/*.yaml is a text, or a mapping of `say` (texts that state the same) and
`tells` (the facts they state). A fact is a mapping whose first entry is its type and value; the
others are columns of `_truth/text_fact.csv`. Both may hold {fields}; a field that is itself a
sentence brings its facts along, with the columns under `adds`.
"""

from __future__ import annotations

import string
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any

from etl.synthetic import bank
from etl.synthetic.chance import Chance

Fact = dict[str, str]


class Told(str):
    """A text that remembers the facts it states. A change of the text makes a plain text of it."""

    __slots__ = ("facts",)
    facts: tuple[Fact, ...]

    def __new__(cls, text: str, facts: Iterable[Fact] = ()) -> Told:
        """The text with its facts."""
        made = super().__new__(cls, text)
        made.facts = tuple(facts)
        return made


def facts_of(text: str) -> tuple[Fact, ...]:
    """What a text is known to state; a plain text states nothing."""
    return text.facts if isinstance(text, Told) else ()


@dataclass(frozen=True)
class Phrase:
    """One wording, the facts it states, and what it adds to the facts of its fields."""

    text: str
    names: frozenset[str]
    tells: tuple[tuple[tuple[str, str, bool], ...], ...]
    adds: tuple[tuple[str, str, bool], ...]

    def fill(self, **fields: Any) -> Told:
        """The wording with its fields filled in, text and facts alike."""
        facts = [_filled(columns, fields) for columns in self.tells]
        for name, value in fields.items():
            if name in self.names and isinstance(value, Told) and value.facts:
                extra = _filled(self.adds, fields)
                facts += [fact | extra for fact in value.facts]
        return Told(self.text.format_map(fields), facts)


def _filled(columns: tuple[tuple[str, str, bool], ...], fields: dict[str, Any]) -> Fact:
    return {
        name: value.format_map(fields) if has_field else value for name, value, has_field in columns
    }


def say(chance: Chance, name: str, key: str, /, **fields: Any) -> Told:
    """One wording of a kind of sentence, such as say(chance, "notes", "performance", kps=80)."""
    return chance.pick(phrases(name, key)).fill(**fields)


@cache
def phrases(name: str, key: str) -> tuple[Phrase, ...]:
    """The wordings under a dotted key of a phrase bank, such as ("notes", "adverse.rash")."""
    found: Any = bank.phrases(name)
    for part in key.split("."):
        found = found[part]
    entries = [found] if isinstance(found, dict) else found
    return tuple(phrase for entry in entries for phrase in _compiled(entry))


def _compiled(entry: str | dict[str, Any]) -> list[Phrase]:
    if isinstance(entry, str):
        entry = {"say": entry}
    said, tells = entry["say"], entry.get("tells", [])
    facts = tuple(_columns(typed(fact)) for fact in ([tells] if isinstance(tells, dict) else tells))
    adds = _columns(entry.get("adds", {}))
    return [
        Phrase(text, frozenset(_fields(text)), facts, adds)
        for text in ([said] if isinstance(said, str) else said)
    ]


def _fields(text: str) -> list[str]:
    return [name for _, name, _, _ in string.Formatter().parse(text) if name]


def typed(fact: dict[str, Any]) -> Fact:
    """A fact as it stands in a phrase bank, its first entry taken for type and value."""
    kind, value = next(iter(fact.items()))
    rest = {name: column for name, column in fact.items() if name != kind}
    columns = {"type": kind, "value": value, **rest}
    return {name: "true" if v is True else str(v) for name, v in columns.items()}


def _columns(fact: dict[str, Any]) -> tuple[tuple[str, str, bool], ...]:
    return tuple((name, str(value), "{" in str(value)) for name, value in fact.items())
