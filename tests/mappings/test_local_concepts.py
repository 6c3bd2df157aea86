"""Local concepts: one line each in one file, from which all their rows are made."""

import csv
import re

import duckdb
import pytest

from etl.settings import PROJECT
from etl.vocabulary.local import CHINESE, FIRST, HEADER
from tests.mappings.conftest import MAPPINGS

FILE = MAPPINGS / "vocabulary" / "local_concept.csv"


def lines() -> list[list[str]]:
    with FILE.open(encoding="utf-8", newline="") as text:
        return list(csv.reader(text))


def test_every_line_has_every_column() -> None:
    header, *rows = lines()
    assert header == HEADER
    assert [row for row in rows if len(row) != len(HEADER)] == []


def test_ids_count_up_and_codes_are_used_once() -> None:
    ids = [int(row[0]) for row in lines()[1:]]
    codes = [row[6] for row in lines()[1:]]
    assert ids == sorted(set(ids))
    assert len(codes) == len(set(codes))


def test_a_local_concept_named_in_sql_has_no_successor() -> None:
    """SQL would go on naming the local one; maps and codelists follow by themselves."""
    named = {
        int(found)
        for path in PROJECT.glob("etl/**/*.sql")
        for found in re.findall(r"\b2\d{9}\b", path.read_text(encoding="utf-8"))
    }
    replaced = {int(row[0]) for row in lines()[1:] if row[9] or row[10]}
    assert named & replaced == set()


@pytest.mark.parametrize("table", ["concept_relationship", "concept_ancestor", "concept_synonym"])
def test_their_rows_are_not_written_by_hand(table: str) -> None:
    text = (MAPPINGS / "vocabulary" / f"{table}.csv").read_text(encoding="utf-8")
    assert re.findall(r"(?m)^2\d{9},", text) == []


def test_their_rows_are_made(written: duckdb.DuckDBPyConnection) -> None:
    """Of 2000000001, lobaplatin."""
    found = written.execute(f"""
        SELECT
            (SELECT list(relationship_id ORDER BY relationship_id) FROM concept_relationship
             WHERE concept_id_1 = {FIRST + 1} AND concept_id_2 = {FIRST + 1}),
            (SELECT count(*) FROM concept_ancestor WHERE descendant_concept_id = {FIRST + 1}),
            (SELECT list([concept_synonym_name, CAST(language_concept_id AS VARCHAR)])
             FROM concept_synonym WHERE concept_id = {FIRST + 1})
    """).fetchone()
    assert found == (["Mapped from", "Maps to"], 1, [["洛铂", str(CHINESE)]])
