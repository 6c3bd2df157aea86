"""The lake's Parquet into PostgreSQL, beside what is published: `cdm_next`, then `study_next`.

Vocabulary tables live in a schema of their own, one for each version of the vocabulary, which
several CDMs share; in `cdm_next` they are views. So a published CDM keeps the vocabulary that it
was built with, and a large one is loaded once.
"""

import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from etl.warehouse import spec
from etl.warehouse.copy import create_and_fill, inferred_types
from etl.warehouse.fill import LoadReport, Progress, fill, fresh
from etl.warehouse.schemas import drop_old, mark, published_load, put_aside
from etl.warehouse.session import connect, name, share_out
from etl.warehouse.vocabulary import ensure_vocabulary, vocabulary_schema

if TYPE_CHECKING:
    import psycopg

    from etl.warehouse.session import Task


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


def load_study(
    con_url: str, lake: Path, load_id: str, progress: Progress = lambda table, rows: None
) -> LoadReport:
    """Build `study_next` from `lake/study`, `results_next` from `lake/results`.

    `cohort` and `cohort_definition` are as the CDM defines them; every file of the study becomes a
    table with the types of the file.
    """
    with connect(con_url) as con:
        row = con.execute(_VOCABULARY_OF_CDM).fetchone()
    report = LoadReport(load_id, row[0] if row else "")
    tables = sorted(path.stem for path in (lake / "study").glob("*.parquet"))
    with connect(con_url) as con:
        for schema in ("study_next", "results_next"):
            fresh(con, schema, load_id)
    with report.timed("study"):
        report.rows |= load_tables(con_url, "study_next", lake / "study", tables)
    metadata = spec.metadata_for("cdm", report.vocabulary_schema, "results_next")
    fill(con_url, metadata, "results_next", lake / "results", report, progress)
    with connect(con_url) as con, con.transaction():
        for schema in ("study_next", "results_next"):
            mark(con, schema, load_id, complete=True)
    return report


def load_tables(con_url: str, schema: str, folder: Path, tables: list[str]) -> dict[str, int]:
    """Load Parquet files into an existing schema, one table each; give the row counts.

    Types follow the file; lists and structs become JSON text.
    """
    rows: dict[str, int] = {}

    def task(table: str) -> "Task":
        def fill(con: "psycopg.Connection[tuple[Any, ...]]") -> None:
            import duckdb

            types, query = inferred_types(folder / f"{table}.parquet")
            with duckdb.connect() as lake:
                reader = lake.sql(query).to_arrow_reader(16_384)
                rows[table] = create_and_fill(con, schema, table, types, iter(reader))
            con.execute(f"ANALYZE {name(schema, table)}")

        return fill

    share_out(con_url, [task(table) for table in tables])
    return {table: rows[table] for table in tables}


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


_VOCABULARY_OF_CDM = """
SELECT parent_schema.nspname
FROM pg_catalog.pg_constraint AS key
JOIN pg_catalog.pg_class AS child ON child.oid = key.conrelid
JOIN pg_catalog.pg_namespace AS child_schema ON child_schema.oid = child.relnamespace
JOIN pg_catalog.pg_class AS parent ON parent.oid = key.confrelid
JOIN pg_catalog.pg_namespace AS parent_schema ON parent_schema.oid = parent.relnamespace
WHERE key.contype = 'f' AND child_schema.nspname = 'cdm' AND parent.relname = 'concept'
LIMIT 1
"""
