"""A vocabulary made whole: references that hold, keys that are unique, local concepts joined in.

A download without CPT4's names has rows about CPT4 concepts that CONCEPT.csv does not hold. Such
rows are left out and counted. Too many of them, and the download itself is not whole.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import duckdb

from etl.errors import VocabularyError
from etl.vocabulary.local import FIRST, ROWS, find_successors
from etl.vocabulary.tables import csv_rows, quoted
from etl.warehouse import spec

MOST_ORPHANS = 0.05
"""Of a table's rows; CPT4 is about one concept in 400 of a full download."""

KEYS: dict[str, tuple[str, ...]] = {
    "concept": ("concept_id",),
    "vocabulary": ("vocabulary_id",),
    "domain": ("domain_id",),
    "concept_class": ("concept_class_id",),
    "relationship": ("relationship_id",),
    "concept_relationship": ("concept_id_1", "concept_id_2", "relationship_id"),
    "concept_ancestor": ("ancestor_concept_id", "descendant_concept_id"),
}
"""What may stand once only. Synonyms and strengths have no key that Athena keeps."""

ORDER: dict[str, tuple[str, ...]] = KEYS | {
    "concept_synonym": ("concept_id", "concept_synonym_name"),
    "drug_strength": ("drug_concept_id", "ingredient_concept_id"),
}
"""Sorted files: look-ups read little of them, and PostgreSQL builds their indexes faster."""

DESCRIBING = ("vocabulary", "domain", "concept_class", "relationship")
NEVER_EMPTY = ("concept_relationship", "concept_ancestor")
"""In every download a standard concept maps to itself and is its own ancestor."""

# A describing row is needed by others even where its own concept is not in the download.
MAY_BE_ZERO = {("concept_synonym", "language_concept_id")}

BATCH_ROWS = 1 << 20


def make_whole(
    con: duckdb.DuckDBPyConnection, raw: Mapping[str, Path], mappings: Path, target: Path
) -> tuple[dict[str, int], list[str]]:
    """Write the nine sorted tables to `target`; give their rows, and notices for the user.

    `raw` has the typed Parquet files of a download, in the order of its lines; `local_concept`
    must be open in `con`. Raises VocabularyError naming file, column and, where it can, line.
    """
    sources = {table: f"read_parquet({quoted(path)})" for table, path in raw.items()}
    _check_local_ids(con, raw["concept"])
    replaced = find_successors(con, sources["concept"], sources["concept_relationship"])
    notices = [f"local concept {i} ({name}) is replaced by Athena's" for i, name in replaced]
    con.execute(
        "CREATE OR REPLACE TEMP TABLE known AS"
        f" SELECT concept_id FROM {sources['concept']}"
        " UNION ALL SELECT concept_id FROM local_concept"
    )
    if not con.execute("SELECT 1 FROM known WHERE concept_id = 0").fetchone():
        raise VocabularyError("CONCEPT.csv: has no concept 0: download it again")
    con.execute("CREATE OR REPLACE TEMP TABLE missing (concept_id INTEGER)")
    rows = {}
    for table in spec.VOCABULARY_TABLES:
        _check_texts(con, table, sources)
        rows[table], notice = _write(con, table, sources, mappings, target)
        notices += notice
        _check_unique(con, table, target, raw[table])
    con.execute("DROP TABLE known; DROP TABLE missing")
    return rows, notices


def _write(
    con: duckdb.DuckDBPyConnection,
    table: str,
    sources: Mapping[str, str],
    mappings: Path,
    target: Path,
) -> tuple[int, list[str]]:
    columns = [column.name for column in spec.columns(table)]
    selected = list(columns)
    kept = []
    for key in _concept_keys(table):
        # one look-up at a time: a hash of 7 million ids for each column would not fit
        con.execute(
            f"INSERT INTO missing SELECT DISTINCT a.{key} FROM {sources[table]} AS a"
            f" ANTI JOIN known ON known.concept_id = a.{key} WHERE a.{key} IS NOT NULL"
        )
        is_missing = f"coalesce({key} IN (SELECT concept_id FROM missing), false)"
        if table in DESCRIBING or (table, key) in MAY_BE_ZERO:
            selected[columns.index(key)] = f"CASE WHEN {is_missing} THEN 0 ELSE {key} END AS {key}"
        else:
            kept.append(f"NOT {is_missing}")
    where = " AND ".join(kept or ["true"])
    whole = f"SELECT {', '.join(selected)} FROM {sources[table]} WHERE {where}"
    ours = _ours(table, columns, sources, mappings)
    both = f"{whole} UNION ALL {ours}" if ours else whole
    row = con.execute(
        f"COPY ({both} ORDER BY {', '.join(ORDER[table])})"
        f" TO {quoted(target / f'{table}.parquet')} (FORMAT parquet, COMPRESSION lz4)"
    ).fetchone()
    written = int(row[0]) if row else 0
    before = _count(con, f"SELECT count(*) FROM {sources[table]}")
    added = _count(con, f"SELECT count(*) FROM ({ours})") if ours else 0
    lost = before + added - written
    if table in NEVER_EMPTY and not before:
        raise VocabularyError(f"{table.upper()}.csv: has no rows: download or unpack it again")
    if lost > before * MOST_ORPHANS:
        raise VocabularyError(
            f"{table.upper()}.csv: {lost:,} of {before:,} rows are about concepts that CONCEPT.csv"
            " does not have: the download is not whole, unpack it again, or download it with every"
            " vocabulary that Athena preselects"
        )
    if lost:
        return written, [
            f"{table.upper()}.csv: {lost:,} of {before:,} rows left out: they are about concepts"
            " that CONCEPT.csv does not have, such as CPT4's where its names were not added"
        ]
    return written, []


def _ours(table: str, columns: list[str], sources: Mapping[str, str], mappings: Path) -> str | None:
    """Spell the rows that the local concepts bring: their own, and what describes them."""
    if table in ROWS:
        return f"SELECT {', '.join(columns)} FROM ({ROWS[table]})"
    if table not in DESCRIBING or table == "relationship":
        return None
    key, concept = f"{table}_id", f"{table}_concept_id"
    starter = csv_rows(mappings / "vocabulary" / f"{table}.csv")
    selected = [
        f"coalesce(known.concept_id, 0) AS {concept}" if name == concept else f"a.{name}"
        for name in columns
    ]
    return (
        f"SELECT {', '.join(selected)} FROM {starter} AS a"
        f" LEFT JOIN known ON known.concept_id = CAST(a.{concept} AS INTEGER)"
        f" WHERE a.{key} IN (SELECT {key} FROM local_concept)"
        f" AND a.{key} NOT IN (SELECT {key} FROM {sources[table]})"
    )


def _concept_keys(table: str) -> list[str]:
    return [
        column.name
        for column in spec.tables()[table].columns
        if any(key.target_fullname.endswith(".concept_id") for key in column.foreign_keys)
    ]


def _check_local_ids(con: duckdb.DuckDBPyConnection, concept: Path) -> None:
    """Athena's ids end before the local ones begin, so that those can be told and made anew."""
    found = con.execute(
        f"SELECT concept_id, file_row_number + 2 FROM read_parquet({quoted(concept)},"
        f" file_row_number = true) WHERE concept_id >= {FIRST} LIMIT 1"
    ).fetchone()
    if found:
        raise VocabularyError(
            f"CONCEPT.csv line {found[1]}: {found[0]} is a local id, and Athena has none: put your"
            " own concepts into mappings/vocabulary/local_concept.csv"
        )


def _check_texts(con: duckdb.DuckDBPyConnection, table: str, sources: Mapping[str, str]) -> None:
    """Check the references by text: a concept's domain, vocabulary and class, a relationship."""
    for column in spec.tables()[table].columns:
        for key in column.foreign_keys:
            _, parent, name = key.target_fullname.split(".")
            if parent == "concept":
                continue
            used = f"SELECT DISTINCT {column.name} AS value FROM {sources[table]}"
            given = sources[parent]
            found = con.execute(
                f"SELECT min(value), count(*) FROM ({used}) AS used"
                f" WHERE value NOT IN (SELECT {name} FROM {given})"
            ).fetchone()
            if found and found[1]:
                raise VocabularyError(
                    f"{table.upper()}.csv column {column.name}: {found[0]!r} is not in"
                    f" {parent.upper()}.csv: the files are not of one download, download it again"
                )


def _check_unique(con: duckdb.DuckDBPyConnection, table: str, folder: Path, raw: Path) -> None:
    """Compare each row of a sorted file with the one before it."""
    keys = KEYS.get(table)
    twice = _first_repeated(folder / f"{table}.parquet", keys) if keys else None
    if keys and twice is not None:
        where = " AND ".join(f"{key} = ?" for key in keys)
        row = con.execute(
            f"SELECT max(file_row_number) + 2 FROM read_parquet({quoted(raw)},"
            f" file_row_number = true) WHERE {where}",
            list(twice),
        ).fetchone()
        shown = ", ".join(f"{key} {value}" for key, value in zip(keys, twice, strict=True))
        raise VocabularyError(
            f"{table.upper()}.csv line {row[0] if row else '?'}: {shown} stands there twice:"
            " download it again (or was CPT4 added twice?)"
        )


def _first_repeated(path: Path, keys: tuple[str, ...]) -> tuple[Any, ...] | None:
    import pyarrow
    import pyarrow.compute
    import pyarrow.parquet

    arrow: Any = pyarrow
    carried: Any = None
    with arrow.parquet.ParquetFile(path) as file:
        for batch in file.iter_batches(BATCH_ROWS, columns=list(keys)):
            table = arrow.Table.from_batches([batch])
            if carried is not None:
                table = arrow.concat_tables([carried, table])
            equal = None
            for key in keys:
                values = table.column(key).combine_chunks()
                same = arrow.compute.equal(values[1:], values[:-1])
                equal = same if equal is None else arrow.compute.and_(equal, same)
            if (at := arrow.compute.index(equal, True).as_py()) >= 0:
                return tuple(table.column(key)[at].as_py() for key in keys)
            carried = table.slice(len(table) - 1)
    return None


def _count(con: duckdb.DuckDBPyConnection, query: str) -> int:
    row = con.execute(query).fetchone()
    return int(row[0]) if row else 0
