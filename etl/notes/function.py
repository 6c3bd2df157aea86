"""The rules as a function of SQL: `note_facts(kind, text, date)` gives the facts of a text.

So a fact is found by a step like any other: `etl/sql/note/fact.sql`. Texts are read in other
processes, as many as there are threads, since Python reads one at a time in each.
"""

import multiprocessing
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from functools import partial
from typing import Any

import duckdb

from etl.notes.reading import Rows, Texts, end_with_parent, facts_of

FACT = (
    'STRUCT(fact_no INTEGER, "type" VARCHAR, "value" VARCHAR, span_start INTEGER,'
    " span_end INTEGER, certainty VARCHAR, rule VARCHAR, detail VARCHAR)[]"
)
Read = Callable[[Texts], Rows]


@contextmanager
def note_facts(con: duckdb.DuckDBPyConnection, processes: int) -> Iterator[None]:
    """Make the function known, with processes that start at the first call and end with it."""
    pool = ProcessPoolExecutor(
        processes, multiprocessing.get_context("spawn"), initializer=end_with_parent
    )
    add_note_facts(con, partial(_shared_out, pool, processes))
    try:
        yield
    finally:
        con.remove_function("note_facts")
        pool.shutdown(cancel_futures=True)


def add_note_facts(con: duckdb.DuckDBPyConnection, read: Read | None = None) -> None:
    """Make the function known to a connection and its cursors; without `read` it reads here."""
    function: Any = con  # the overloads of its types cannot express this
    function.create_function(
        "note_facts",
        partial(_answer, read or facts_of),
        ["VARCHAR", "VARCHAR", "DATE"],
        FACT,
        type="arrow",
        null_handling="special",
    )


def _answer(read: Read, kind: Any, text: Any, on: Any) -> Any:
    import pyarrow

    texts = list(zip(kind.to_pylist(), text.to_pylist(), on.to_pylist(), strict=True))
    arrow: Any = pyarrow
    return arrow.array(read(texts), type=_fact_type())


def _fact_type() -> Any:
    import pyarrow

    arrow: Any = pyarrow
    text, number = arrow.string(), arrow.int32()
    names = {"fact_no": number, "type": text, "value": text, "span_start": number}
    names |= {"span_end": number, "certainty": text, "rule": text, "detail": text}
    return arrow.list_(arrow.struct(list(names.items())))


def _shared_out(pool: ProcessPoolExecutor, processes: int, texts: Texts) -> Rows:
    """Read a batch in all processes at once: DuckDB may call with one batch at a time only."""
    shares = [texts[place::processes] for place in range(processes)]
    found = list(pool.map(facts_of, shares))
    return [found[place % processes][place // processes] for place in range(len(texts))]
