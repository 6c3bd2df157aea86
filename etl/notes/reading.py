"""Texts read in a process of its own, which does not know DuckDB: what it is given, it answers."""

import json
import multiprocessing
import os
import signal
import threading
from datetime import date
from multiprocessing.connection import wait
from typing import Any

from etl.notes.extract import extract
from etl.notes.fact import Fact

Texts = list[tuple[str, str, date | None]]
Rows = list[list[dict[str, Any]]]


def facts_of(texts: Texts) -> Rows:
    """The facts of every text as rows for SQL."""
    return [
        [_row(number, fact) for number, fact in enumerate(extract(kind, text, on))]
        for kind, text, on in texts
    ]


def _row(number: int, fact: Fact) -> dict[str, Any]:
    start, end = fact.span
    return {
        "fact_no": number,
        "type": fact.type,
        "value": _text(fact.value),
        "span_start": start,
        "span_end": end,
        "certainty": fact.certainty.name.lower(),
        "rule": fact.rule,
        "detail": _json(fact.detail),
    }


def _text(value: object) -> str | None:
    if value is None or isinstance(value, bool):
        return "true" if value else None
    return str(value)


def _json(detail: dict[str, Any]) -> str | None:
    known = {key: value for key, value in detail.items() if value is not None}
    return json.dumps(known, ensure_ascii=False, sort_keys=True) if known else None


def end_with_parent() -> None:
    """A process that nobody waits for any more ends, even when its parent was killed.

    Ctrl-C reaches every process of a terminal; the parent answers it for all.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = multiprocessing.parent_process()

    def watch() -> None:
        if parent is not None:
            wait([parent.sentinel])
            os._exit(1)

    threading.Thread(target=watch, daemon=True).start()
