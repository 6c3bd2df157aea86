"""Work on two connections at a time: many a statement keeps one core busy only."""

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from typing import TypeVar

import duckdb

AT_ONCE = 2
Job = TypeVar("Job")
Outcome = TypeVar("Outcome")


def side_by_side(
    con: duckdb.DuckDBPyConnection,
    jobs: Iterable[Job],
    work: Callable[[duckdb.DuckDBPyConnection, Job], Outcome],
    is_ready: Callable[[Job], bool] = lambda job: True,
) -> Iterator[tuple[Job, Outcome]]:
    """Do jobs two at a time, each on a cursor of its own; give each and its outcome when done.

    Of the jobs that are ready the first begins; what a consumer does with an outcome may make
    others ready. After an error, the consumer's too, none begins and those at work are stopped.
    Temporary tables and session variables of `con` are not seen by its cursors.
    """
    waiting = list(jobs)
    running: dict[Future[Outcome], tuple[Job, duckdb.DuckDBPyConnection]] = {}
    with ThreadPoolExecutor(AT_ONCE) as pool:
        try:
            while waiting or running:
                ready = [job for job in waiting if is_ready(job)]
                for job in ready[: AT_ONCE - len(running)]:
                    waiting.remove(job)
                    cursor = con.cursor()
                    running[pool.submit(work, cursor, job)] = job, cursor
                for future in wait(running, return_when=FIRST_COMPLETED).done:
                    job, cursor = running.pop(future)
                    outcome = future.result()
                    cursor.close()
                    yield job, outcome
        except BaseException:
            for _, cursor in running.values():
                cursor.interrupt()
            raise
