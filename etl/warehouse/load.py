"""The lake's Parquet into PostgreSQL, beside what is published: `cdm_next`.

Vocabulary tables live in a schema of their own, one for each version of the vocabulary, which
several CDMs share; in `cdm_next` they are views. So a published CDM keeps the vocabulary that it
was built with, and a large one is loaded once.
"""

import time
from pathlib import Path

from etl.warehouse import spec
from etl.warehouse.fill import LoadReport, Progress, fill, fresh
from etl.warehouse.schemas import drop_old, mark, published_load, put_aside
from etl.warehouse.session import connect, name
from etl.warehouse.vocabulary import ensure_vocabulary, vocabulary_schema


def load(
    con_url: str, lake: Path, load_id: str, progress: Progress = lambda table, rows: None
) -> LoadReport:
    """Build `cdm_next` from `lake/cdm`, with keys and checked, ready to be published.

    Whatever a broken run left behind is put aside first. WarehouseError, by table and column and
    without values, where a row breaks the CDM; the published CDM is not touched in any case.
    """
    report = LoadReport(load_id, vocabulary_schema(lake))
    drop_old(con_url, keep=report.vocabulary_schema)
    with report.timed("vocabulary"):
        ensure_vocabulary(con_url, lake / "vocabulary", report, progress)
    with connect(con_url) as con:
        published_load(con)  # a `cdm` that somebody else made is an error now, not at the end
        for schema in ("cdm_next", "results_next"):
            fresh(con, schema, load_id)
    metadata = spec.metadata_for("cdm_next", report.vocabulary_schema, "results_next")
    fill(con_url, metadata, "cdm_next", lake / "cdm", report, progress)
    fill(con_url, metadata, "results_next", None, report, progress)
    with connect(con_url) as con, con.transaction():
        for table in spec.VOCABULARY_TABLES:
            con.execute(
                f"CREATE VIEW {name('cdm_next', table)} AS"
                f" SELECT * FROM {name(report.vocabulary_schema, table)}"
            )
        for schema in ("cdm_next", "results_next"):
            mark(con, schema, load_id, complete=True)
    return report


def floor(con_url: str, lake: Path) -> float:
    """Time the least work possible: COPY, keys, indexes and foreign keys of `lake/cdm`, in seconds.

    It is the same code as `load`, into a scratch schema that is dropped; the vocabulary must have
    been loaded.
    """
    report = LoadReport("floor", vocabulary_schema(lake))
    with connect(con_url) as con:
        fresh(con, "floor_next", "floor")
    began = time.perf_counter()
    metadata = spec.metadata_for("floor_next", report.vocabulary_schema, "floor_results")
    fill(con_url, metadata, "floor_next", lake / "cdm", report, lambda table, rows: None)
    seconds = time.perf_counter() - began
    with connect(con_url) as con:
        put_aside(con, "floor_next")
    drop_old(con_url)
    return seconds
