"""`note_facts` in SQL: the same facts in the same order, in one process or in several."""

import os
import signal
import subprocess
import sys
import time

import duckdb
import psutil
import pytest

from etl.notes.function import add_note_facts, note_facts
from etl.notes.reading import facts_of

QUERY = """
    SELECT n, fact.* FROM (
        SELECT n, unnest(note_facts('note', 'KPS评分' || score || '分。', NULL)) AS fact
        FROM (SELECT n, 10 * (1 + n % 10) AS score FROM range(5000) AS t(n))
    ) ORDER BY n, fact.fact_no
"""


@pytest.mark.slow
def test_several_processes_answer_as_one_does():
    with duckdb.connect() as here, duckdb.connect() as there:
        add_note_facts(here)
        expected = here.execute(QUERY).fetchall()
        with note_facts(there, 2):
            assert there.execute(QUERY).fetchall() == expected
    assert len(expected) == 5000


def test_a_row_holds_what_a_fact_says():
    ((row,),) = facts_of([("note", "一般情况可，KPS评分80分。", None)])
    assert row["type"] == "kps"
    assert row["value"] == "80"
    assert row["certainty"] == "definite"
    assert (row["span_start"], row["fact_no"]) == (6, 0)


def test_a_text_without_facts_is_an_empty_list():
    with duckdb.connect() as con:
        add_note_facts(con)
        assert con.execute("SELECT note_facts('imaging', '', NULL)").fetchone() == ([],)


PARENT = """
import duckdb
from etl.notes.function import note_facts

if __name__ == "__main__":
    with duckdb.connect() as con, note_facts(con, 2):
        con.execute("SELECT note_facts('note', '无', NULL) FROM range(10)").fetchall()
        print("reading", flush=True)
        input()
"""


@pytest.mark.slow
def test_processes_end_with_a_parent_that_was_killed(tmp_path):
    script = tmp_path / "parent.py"
    script.write_text(PARENT, encoding="utf-8")
    with subprocess.Popen(
        [sys.executable, str(script)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as parent:
        assert parent.stdout is not None
        assert parent.stdout.readline() == b"reading\n"
        readers = psutil.Process(parent.pid).children(recursive=True)
        assert len(readers) >= 2
        os.kill(parent.pid, signal.SIGKILL)
    deadline = time.monotonic() + 20
    while any(reader.is_running() for reader in readers) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert not [reader for reader in readers if reader.is_running()]
