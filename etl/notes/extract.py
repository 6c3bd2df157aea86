"""All facts of one text: the one way in, for the plan's step and for `npc-omop text`."""

from collections.abc import Callable, Iterable
from datetime import date

from etl.notes.context import Context
from etl.notes.fact import Fact
from etl.notes.imaging import findings
from etl.notes.marker import marker
from etl.notes.note import NOTE
from etl.notes.pathology import pathology
from etl.notes.text import normal

Rule = Callable[[Context, date | None], Iterable[Fact]]
KINDS = ("imaging", "pathology", "note")


def extract(kind: str, text: str, on: date | None = None, terms: Iterable[str] = ()) -> list[Fact]:
    """The facts of a report or note, in order of place; never raises for what a text holds.

    `on` is the text's date, to which "2年前" refers. For each of `terms` that occurs, a fact of
    type `term` says how sure the text is of its first occurrence.
    """
    context = Context(normal(text))
    facts = [fact for rule in rules(kind) for fact in rule(context, on)]
    facts += [fact for term in terms if (fact := term_fact(context, term))]
    return sorted(facts, key=lambda fact: (fact.span, fact.type))


def rules(kind: str) -> tuple[Rule, ...]:
    """The rules for a kind of text."""
    return {"imaging": (findings,), "pathology": (pathology, marker), "note": NOTE}[kind]


def term_fact(context: Context, term: str) -> Fact | None:
    """How sure a text is of a term; None where it does not occur."""
    word = normal(term)
    start = context.text.find(word) if word else -1
    if start < 0:
        return None
    span = start, start + len(word)
    return Fact("term", term, span, context.certainty(*span), "term")
