"""Work on two connections at a time: many a statement keeps one core busy only."""

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from typing import TypeVar

import duckdb

from etl.errors import MemoryLimitError

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
    others ready. Where memory does not do for two, the rest is done one at a time, the refused job
    first: work must bear being begun again. After an error, the consumer's too, none begins and
    those at work are stopped. Temporary tables and session variables of `con` are not seen by its
    cursors.
    """
    waiting = list(jobs)
    running: dict[Future[Outcome], tuple[Job, duckdb.DuckDBPyConnection, int]] = {}
    at_once = AT_ONCE
    with ThreadPoolExecutor(AT_ONCE) as pool:
        try:
            while waiting or running:
                ready = [job for job in waiting if is_ready(job)]
                for job in ready[: max(at_once - len(running), 0)]:
                    waiting.remove(job)
                    cursor = con.cursor()
                    running[pool.submit(work, cursor, job)] = job, cursor, at_once
                for future in wait(running, return_when=FIRST_COMPLETED).done:
                    job, cursor, together = running.pop(future)
                    try:
                        outcome = future.result()
                    except (duckdb.OutOfMemoryException, MemoryLimitError):
                        if together == 1:
                            raise
                        at_once = 1
                        waiting.insert(0, job)
                        continue
                    finally:
                        cursor.close()
                    yield job, outcome
        except BaseException:
            for _, cursor, _ in running.values():
                cursor.interrupt()
            raise
