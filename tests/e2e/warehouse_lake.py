"""A small finished lake, and two PostgreSQL servers to load it into."""

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from etl.warehouse import spec

DEFAULTS = {"DATE": "DATE '2020-02-03'", "VARCHAR": "'x'", "TIMESTAMP": "NULL"}

VOCABULARY = {
    "domain": "SELECT 'Metadata' AS domain_id, 0 AS domain_concept_id",
    "concept_class": "SELECT 'Undefined' AS concept_class_id, 0 AS concept_class_concept_id",
    "vocabulary": "SELECT 'None' AS vocabulary_id, 0 AS vocabulary_concept_id",
    "concept": """SELECT i AS concept_id, 'Metadata' AS domain_id, 'None' AS vocabulary_id,
        'Undefined' AS concept_class_id, CAST(i AS VARCHAR) AS concept_code FROM range(50) t(i)""",
    "concept_ancestor": """SELECT 1 AS ancestor_concept_id, 2 AS descendant_concept_id
        UNION ALL SELECT 1, 2""",
}

CDM = {
    "person": """SELECT i AS person_id, 1 AS gender_concept_id, 1970 AS year_of_birth
        FROM range(1, 21) t(i)""",
    "visit_occurrence": """SELECT i * 100000 + 2000 AS visit_occurrence_id, i AS person_id
        FROM range(1, 21) t(i)""",
    "measurement": """SELECT i * 100000 + 10000 AS measurement_id, 1 + i % 20 AS person_id,
        (1 + i % 20) * 100000 + 2000 AS visit_occurrence_id, i / 10.0 AS value_as_number,
        '白细胞' AS measurement_source_value, 3 AS measurement_concept_id
        FROM range(300) t(i)""",
    "note": """SELECT i AS note_id, 1 AS person_id, note_text FROM (VALUES
        (1, chr(10) || '\\.' || chr(10) || 'a "quoted", line'), (2, ''), (3, '\\.'),
        (4, '\\N'), (5, '鼻咽 ' || chr(9) || ' 😀')) t(i, note_text)""",
    "death": """SELECT 3 AS person_id""",
}


def write_lake(lake: Path, **changed: str) -> Path:
    """Write the lake; `changed` replaces a CDM table's query by name."""
    for layer, queries in (("vocabulary", VOCABULARY), ("cdm", CDM | changed)):
        for table, query in queries.items():
            write_table(lake / layer / f"{table}.parquet", table, query)
    return lake


def write_table(path: Path, table: str, query: str) -> None:
    """Write one CDM table; a required column that the query lacks gets a default."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with duckdb.connect() as con:
        given = con.sql(query).columns
        listed = ", ".join(
            f"CAST({_value(column, given)} AS {column.duckdb_type}) AS {column.name}"
            for column in spec.columns(table)
        )
        con.execute(f"COPY (SELECT {listed} FROM ({query})) TO '{path}' (FORMAT parquet)")


def _value(column: spec.Column, given: list[str]) -> str:
    if column.name in given:
        return column.name
    return DEFAULTS.get(column.duckdb_type, "0") if column.required else "NULL"


@contextmanager
def installed_postgres() -> Iterator[str | None]:
    """Run a private cluster of the machine's own PostgreSQL; gives its URL, None without one."""
    programs = next(
        (
            folder
            for folder in (*sorted(Path("/usr/lib/postgresql").glob("*/bin")), _pg_bindir())
            if folder and (folder / "initdb").exists()
        ),
        None,
    )
    if programs is None:
        yield None
        return
    folder = Path(tempfile.mkdtemp(prefix="npc-omop-test-", dir="/tmp"))
    who = {"user": "postgres"} if os.geteuid() == 0 else {}
    if who:
        shutil.chown(folder, "postgres", "postgres")
    (folder / "password").write_text("s3cret words")
    (folder / "password").chmod(0o644)
    port = _free_port()
    data = str(folder / "data")

    def run(program: str, *arguments: str) -> None:
        subprocess.run(
            [str(programs / program), *arguments],
            check=True,
            cwd=folder,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            **who,
        )

    try:
        passwords = ("--auth=scram-sha-256", "--pwfile", str(folder / "password"))
        run("initdb", "-D", data, "-U", "postgres", "-E", "UTF8", "--no-sync", *passwords)
        options = f"-p {port} -c listen_addresses=127.0.0.1 -k {folder}"
        run("pg_ctl", "-w", "-D", data, "-o", options, "-l", str(folder / "log"), "start")
        try:
            yield f"postgresql://postgres:s3cret%20words@127.0.0.1:{port}/postgres"
        finally:
            run("pg_ctl", "-w", "-m", "immediate", "-D", data, "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _pg_bindir() -> Path | None:
    found = shutil.which("pg_ctl")
    return Path(found).resolve().parent if found else None


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
