"""Two at a time: what is ready begins, and an error leaves nothing at work."""

import time

import duckdb
import pytest

from etl.engine.side_by_side import side_by_side
from etl.errors import MemoryLimitError


@pytest.fixture
def con():
    with duckdb.connect() as connection:
        yield connection


def test_every_job_is_done_once_and_given_with_its_outcome(con):
    given = dict(
        side_by_side(con, range(7), lambda cursor, n: cursor.execute("SELECT ?", [n]).fetchone())
    )
    assert given == {n: (n,) for n in range(7)}


def test_a_job_waits_for_what_the_consumer_makes_of_an_earlier_one(con):
    made: list[str] = []
    needs = {"c": {"b"}, "b": {"a"}, "a": set()}
    for job, _ in side_by_side(
        con, ["c", "b", "a"], lambda cursor, job: job, lambda job: needs[job] <= set(made)
    ):
        made.append(job)
    assert made == ["a", "b", "c"]


def test_two_jobs_run_at_once_and_a_third_does_not(con):
    at_work: list[int] = []
    seen: list[int] = []

    def work(cursor: duckdb.DuckDBPyConnection, job: int) -> None:
        at_work.append(job)
        time.sleep(0.05)
        seen.append(len(at_work))
        at_work.remove(job)

    list(side_by_side(con, range(4), work))
    assert max(seen) == 2


def test_a_table_made_by_one_job_is_seen_by_the_next(con):
    con.execute("CREATE TABLE note (job INTEGER)")
    for _ in side_by_side(
        con, range(5), lambda cursor, n: cursor.execute("INSERT INTO note VALUES (?)", [n])
    ):
        pass
    assert con.execute("SELECT count(*) FROM note").fetchone() == (5,)


ENDLESS = "SELECT sum(a.range * b.range) FROM range(10000000) a, range(10000000) b"


def test_an_error_stops_the_other_job_and_begins_no_more(con):
    begun: list[str] = []

    def work(cursor: duckdb.DuckDBPyConnection, job: str) -> None:
        begun.append(job)
        if job == "bad":
            time.sleep(0.2)
            raise ValueError(job)
        cursor.execute(ENDLESS)

    with pytest.raises(ValueError, match="bad"):
        list(side_by_side(con, ["endless", "bad", "never"], work))
    assert sorted(begun) == ["bad", "endless"]


def test_an_error_of_the_consumer_stops_what_is_at_work(con):
    def work(cursor: duckdb.DuckDBPyConnection, job: str) -> None:
        if job == "endless":
            cursor.execute(ENDLESS)

    def consume() -> None:
        for _ in side_by_side(con, ["endless", "short"], work):
            time.sleep(0.2)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        consume()


def test_where_memory_does_not_do_for_two_jobs_are_done_one_at_a_time(con):
    at_work: list[str] = []
    begun: list[tuple[str, int]] = []

    def work(cursor: duckdb.DuckDBPyConnection, job: str) -> str:
        at_work.append(job)
        begun.append((job, len(at_work)))
        try:
            time.sleep(0.05)
            if len(at_work) > 1:
                raise duckdb.OutOfMemoryException("two are too many")
            return job
        finally:
            at_work.remove(job)

    done = [job for job, _ in side_by_side(con, ["a", "b", "c", "d"], work)]
    assert sorted(done) == ["a", "b", "c", "d"]
    assert all(together == 1 for _, together in begun[2:])


def test_a_job_that_memory_does_not_do_for_alone_is_an_error(con):
    def work(cursor: duckdb.DuckDBPyConnection, job: str) -> None:
        raise MemoryLimitError(f"{job}: the memory limit is too low")

    with pytest.raises(MemoryLimitError):
        list(side_by_side(con, ["a", "b"], work))
