"""How much a map's or codelist's line matters: rows and patients of the last finished run."""

from pathlib import Path

import duckdb

from etl.vocabulary.check.lines import Line
from etl.vocabulary.tables import quoted


def count_touched(
    con: duckdb.DuckDBPyConnection, lake: Path, lines: set[Line]
) -> dict[Line, tuple[int, int]]:
    """Give rows and patients of each line; nothing where no run has finished.

    A map of events is counted by its codes, in source rows. Codelists, and maps of what stands
    beside an event (units, values, routes), are counted by their concept, in CDM rows.
    """
    event = lake / "stem" / "event.parquet"
    if not (lake / "run.json").exists() or not event.exists():
        return {}
    source = f"read_parquet({quoted(event)})"
    of_events = {v for (v,) in con.execute(f"SELECT DISTINCT vocabulary FROM {source}").fetchall()}
    codes = {line for line in lines if line.source_vocabulary_id in of_events}
    by_code = {
        (vocabulary, code): (rows, patients)
        for vocabulary, code, rows, patients in con.execute(
            "SELECT vocabulary, code, count(DISTINCT (source_no, row_id)),"
            f" count(DISTINCT person_id) FROM {source}"
            " WHERE not_carried_reason IS NULL AND code IN (SELECT unnest(?)) GROUP BY ALL",
            [[line.source_code for line in codes]],
        ).fetchall()
    }
    by_concept = _by_concept(con, lake / "cdm", {line.concept_id for line in lines - codes})
    return {
        line: by_code.get((line.source_vocabulary_id, line.source_code), (0, 0))
        if line in codes
        else by_concept.get(line.concept_id, (0, 0))
        for line in lines
    }


def _by_concept(
    con: duckdb.DuckDBPyConnection, cdm: Path, concept_ids: set[int]
) -> dict[int, tuple[int, int]]:
    """Count the CDM rows that name a concept in any of their columns, and their patients."""
    if not concept_ids:
        return {}
    con.execute("CREATE OR REPLACE TEMP TABLE sought (concept_id INTEGER)")
    con.execute("INSERT INTO sought SELECT unnest(?)", [sorted(concept_ids)])
    parts = []
    for path in sorted(cdm.glob("*.parquet")):
        table = f"read_parquet({quoted(path)})"
        columns = [row[0] for row in con.execute(f"DESCRIBE SELECT * FROM {table}").fetchall()]
        if "person_id" in columns:
            parts += [
                f"SELECT {column} AS concept_id, person_id FROM {table}"
                f" WHERE {column} IN (SELECT concept_id FROM sought)"
                for column in columns
                if column.endswith("_concept_id")
            ]
    if not parts:
        return {}
    found = con.execute(
        "SELECT concept_id, count(*), count(DISTINCT person_id)"
        f" FROM ({' UNION ALL '.join(parts)}) GROUP BY concept_id"
    ).fetchall()
    con.execute("DROP TABLE sought")
    return {concept_id: (rows, patients) for concept_id, rows, patients in found}
