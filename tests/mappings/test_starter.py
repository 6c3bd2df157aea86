"""The starter vocabulary: whole, and written the same way every time."""

from pathlib import Path

import duckdb
import pytest

from etl.engine.duckdb import connect
from etl.errors import ContractError
from etl.settings import Settings
from etl.vocabulary.starter import TABLES, write_starter
from etl.warehouse import spec

MAPPINGS = Settings().mappings

FOREIGN_KEYS = [
    ("concept", "domain_id", "domain", "domain_id"),
    ("concept", "vocabulary_id", "vocabulary", "vocabulary_id"),
    ("concept", "concept_class_id", "concept_class", "concept_class_id"),
    ("domain", "domain_concept_id", "concept", "concept_id"),
    ("vocabulary", "vocabulary_concept_id", "concept", "concept_id"),
    ("concept_class", "concept_class_concept_id", "concept", "concept_id"),
    ("relationship", "relationship_concept_id", "concept", "concept_id"),
    ("relationship", "reverse_relationship_id", "relationship", "relationship_id"),
    ("concept_relationship", "concept_id_1", "concept", "concept_id"),
    ("concept_relationship", "concept_id_2", "concept", "concept_id"),
    ("concept_relationship", "relationship_id", "relationship", "relationship_id"),
    ("concept_ancestor", "ancestor_concept_id", "concept", "concept_id"),
    ("concept_ancestor", "descendant_concept_id", "concept", "concept_id"),
    ("concept_synonym", "concept_id", "concept", "concept_id"),
    ("concept_synonym", "language_concept_id", "concept", "concept_id"),
]


@pytest.mark.parametrize(("table", "column", "parent", "key"), FOREIGN_KEYS)
def test_every_reference_has_its_row(
    written: duckdb.DuckDBPyConnection, table: str, column: str, parent: str, key: str
) -> None:
    orphans = written.execute(
        f"SELECT {column} FROM {table} WHERE {column} NOT IN (SELECT {key} FROM {parent})"
    ).fetchall()
    assert orphans == []


@pytest.mark.parametrize("table", TABLES)
def test_a_table_is_as_the_cdm_says(written: duckdb.DuckDBPyConnection, table: str) -> None:
    found = [row[:2] for row in written.execute(f"DESCRIBE {table}").fetchall()]
    assert found == [(c.name, c.duckdb_type) for c in spec.columns(table)]


@pytest.mark.parametrize("key", ["concept_id", "(vocabulary_id, concept_code)"])
def test_a_concept_is_there_once(written: duckdb.DuckDBPyConnection, key: str) -> None:
    twice = written.execute(
        f"SELECT {key} FROM concept WHERE concept_code <> 'OMOP generated'"
        " GROUP BY 1 HAVING count(*) > 1"
    ).fetchall()
    assert twice == []


def test_local_concepts_live_in_one_file_and_above_two_billion(
    written: duckdb.DuckDBPyConnection,
) -> None:
    stray = written.execute(
        "SELECT concept_id FROM concept WHERE (concept_id >= 2000000000)"
        " <> (vocabulary_id = 'NPC-OMOP' OR concept_code = 'NPC-OMOP')"
    ).fetchall()
    assert stray == []
    text = (MAPPINGS / "vocabulary" / "concept.csv").read_text(encoding="utf-8")
    assert "\n2000000" not in text


def test_a_standard_concept_is_its_own_ancestor_and_maps_to_itself(
    written: duckdb.DuckDBPyConnection,
) -> None:
    standard, own, mapped = written.execute(
        "SELECT (SELECT count(*) FROM concept WHERE standard_concept = 'S'),"
        " (SELECT count(*) FROM concept_ancestor"
        "  WHERE ancestor_concept_id = descendant_concept_id),"
        " (SELECT count(*) FROM concept_relationship"
        "  WHERE relationship_id = 'Maps to' AND concept_id_1 = concept_id_2)"
    ).fetchone() or (0, 1, 2)
    assert standard == own == mapped


def test_the_same_files_give_the_same_bytes_in_any_line_order(tmp_path: Path) -> None:
    shuffled = tmp_path / "mappings"
    (shuffled / "vocabulary").mkdir(parents=True)
    for path in (MAPPINGS / "vocabulary").glob("*.csv"):
        first, *rest = path.read_text(encoding="utf-8").splitlines()
        text = "\n".join([first, *reversed(rest)]) + "\n"
        (shuffled / "vocabulary" / path.name).write_text(text, encoding="utf-8")
    lakes = []
    for name, folder in (("one", MAPPINGS), ("two", shuffled)):
        settings = Settings(home=tmp_path / name)
        with connect(settings) as con:
            write_starter(settings.lake, folder, con)
        lakes.append(settings.lake / "vocabulary")
    for table in TABLES:
        one, two = ((lake / f"{table}.parquet").read_bytes() for lake in lakes)
        assert one == two, table


def test_a_missing_file_and_a_strange_column_are_told_by_name(tmp_path: Path) -> None:
    folder = tmp_path / "mappings"
    (folder / "vocabulary").mkdir(parents=True)
    settings = Settings(home=tmp_path / "home")
    with connect(settings) as con:
        with pytest.raises(ContractError, match=r"mappings/vocabulary/concept\.csv: is missing"):
            write_starter(settings.lake, folder, con)
        (folder / "vocabulary" / "concept.csv").write_text("concept_id,name\n")
        with pytest.raises(ContractError, match="has the columns concept_id,name"):
            write_starter(settings.lake, folder, con)
