"""`npc-omop text`: the rules on anybody's texts, a JSON line in, a JSON line out."""

import json
import sys
from collections.abc import Iterator
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, TextIO

import typer

from etl.errors import UsageError

STDIN = "-"


class Kind(StrEnum):
    """What a text is, which decides the rules that read it."""

    IMAGING = "imaging"
    PATHOLOGY = "pathology"
    NOTE = "note"


def text(
    file: Annotated[str, typer.Argument(help="JSON lines with id and text; - reads the input.")],
    kind: Annotated[Kind, typer.Option(help="What the texts are.")],
    date: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="The texts' date, to which '2年前' refers."),
    ] = None,
) -> None:
    """Print the facts that texts state, a line each: {"id", "facts": [...]}.

    A line may carry "terms", words to say the certainty of, and a "date" of its own.

    Example: npc-omop text --kind imaging reports.jsonl
    """
    on = date.date() if date else None
    if file == STDIN:
        sys.stdin.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
        _answer(sys.stdin, "the input", kind, on)
        return
    try:
        with Path(file).open(encoding="utf-8-sig") as lines:
            _answer(lines, file, kind, on)
    except OSError as error:
        raise UsageError(f"{file}: {error.strerror}: name a file of JSON lines, or -") from None


def _answer(lines: TextIO, name: str, kind: Kind, on: date | None) -> None:
    from etl.notes.extract import extract

    for given in _lines(lines, name, on):
        facts = extract(kind, given["text"], given["date"], given["terms"])
        answer = {"id": given["id"], "facts": [fact.as_dict() for fact in facts]}
        print(json.dumps(answer, ensure_ascii=False))


def _lines(lines: TextIO, name: str, on: date | None) -> Iterator[dict[str, Any]]:
    """The lines checked; UsageError with the line's number, without what it holds."""
    try:
        for number, line in enumerate(lines, start=1):
            if not line.strip():
                continue
            where = f"{name} line {number}"
            try:
                given = json.loads(line)
            except ValueError:
                raise UsageError(f"{where}: is no JSON: write one object a line") from None
            if not isinstance(given, dict) or not isinstance(given.get("text"), str):
                raise UsageError(f'{where}: needs "id" and "text"')
            terms = given.get("terms", [])
            if not isinstance(terms, list) or not all(isinstance(term, str) for term in terms):
                raise UsageError(f'{where}: "terms" is no list of texts')
            try:
                dated = date.fromisoformat(given["date"]) if given.get("date") else on
            except (TypeError, ValueError):
                raise UsageError(f'{where}: "date" is none: write YYYY-MM-DD') from None
            yield {"id": given.get("id"), "text": given["text"], "date": dated, "terms": terms}
    except UnicodeDecodeError:
        raise UsageError(f"{name}: is not UTF-8: convert it") from None
