"""A vocabulary in the warehouse: a schema of its own, shared by the CDMs built with it.

It gets its name when it is whole, and keeps it; a new vocabulary is another schema. So nothing
that is published is touched by a load.
"""

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING, Any

from etl.errors import WarehouseError
from etl.vocabulary.kept import linked
from etl.warehouse import spec
from etl.warehouse.fill import LoadReport, Progress, fill, fresh
from etl.warehouse.schemas import AWAITED, drop_old, mark, vocabularies_awaited
from etl.warehouse.session import connect, name

if TYPE_CHECKING:
    import psycopg


def vocabulary_schema(lake: Path) -> str:
    """Name the schema of this lake's vocabulary: the same files have the same name.

    A loaded vocabulary has a digest of its own; the starter's files are read for theirs.
    """
    if kept := linked(lake):
        return schema_of(kept.digest)
    digest = hashlib.sha256()
    for table in spec.VOCABULARY_TABLES:
        digest.update(repr([table, spec.columns(table)]).encode())
        path = lake / "vocabulary" / f"{table}.parquet"
        if path.exists():
            with path.open("rb") as file:
                digest.update(hashlib.file_digest(file, "sha256").digest())
    return schema_of(digest.hexdigest())


def schema_of(digest: str) -> str:
    """Name the schema of a vocabulary by its digest."""
    return f"vocabulary_{digest[:8]}"


def vocabulary_of_cdm(con: "psycopg.Connection[tuple[Any, ...]]") -> str:
    """Name the schema of the vocabulary that the published CDM was built with."""
    row = con.execute(_VOCABULARY_OF_CDM).fetchone()
    if row is None:
        raise WarehouseError("the published cdm refers to no vocabulary: run `npc-omop run`")
    return str(row[0])


def load_vocabulary(
    con_url: str, folder: Path, digest: str, progress: Progress = lambda table, rows: None
) -> LoadReport:
    """Load a folder's nine tables before any CDM uses them; they are kept until one does.

    Vocabularies that were loaded so and never used are forgotten, for `drop_old` to drop.
    WarehouseError where PostgreSQL refuses; what is published is not touched.
    """
    report = LoadReport(digest, schema_of(digest))
    ensure_vocabulary(con_url, folder, report, progress, is_awaited=True)
    with connect(con_url) as con:
        for schema in vocabularies_awaited(con):
            if schema != report.vocabulary_schema:
                mark(con, schema, "never used", complete=True)
    return report


def forget_vocabulary(con_url: str, digest: str) -> None:
    """Drop a vocabulary that awaits its first CDM; one that a CDM uses stays."""
    schema = schema_of(digest)
    with connect(con_url) as con:
        if schema in vocabularies_awaited(con):
            mark(con, schema, "never used", complete=True)
    drop_old(con_url)


def ensure_vocabulary(
    con_url: str,
    folder: Path,
    report: LoadReport,
    progress: Progress,
    is_awaited: bool = False,
) -> None:
    """Load this vocabulary unless it is there. Its final name is given last: it is whole."""
    schema = report.vocabulary_schema
    load_id = report.load_id + (AWAITED if is_awaited else "")
    with connect(con_url) as con:
        if con.execute(_SCHEMA_EXISTS, [schema]).fetchone():
            mark(con, schema, load_id, complete=True)
            return
        fresh(con, "vocabulary_next", report.load_id)
    metadata = spec.metadata_for("cdm_next", "vocabulary_next", "results_next")
    inner = LoadReport(report.load_id, schema)
    fill(con_url, metadata, "vocabulary_next", folder, inner, progress)
    report.rows |= inner.rows
    if is_awaited:
        report.seconds |= inner.seconds
    with connect(con_url) as con, con.transaction():
        mark(con, "vocabulary_next", load_id, complete=True)
        con.execute(f"ALTER SCHEMA vocabulary_next RENAME TO {name(schema)}")


_SCHEMA_EXISTS = "SELECT 1 FROM pg_catalog.pg_namespace WHERE nspname = %s"

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
