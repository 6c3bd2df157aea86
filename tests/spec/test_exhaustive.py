"""The specification is complete: no table without its chapter, no chapter without its table."""

import re

import pytest
import sqlglot
from sqlglot import exp

from etl.engine.duckdb import check_steps
from etl.engine.plan import LAYERS, SQL, ordered, read_steps
from etl.settings import PROJECT
from etl.warehouse import spec
from tests.spec.conftest import GIVEN

STEPS = read_steps()
BY_TABLE = {step.table: step for step in STEPS}
CHAPTERS = PROJECT / "tests" / "spec" / "cdm"


def chapter_of(name, tables):
    """The table that a chapter is about: `test_measurement_laboratory` is about measurement."""
    fitting = [table for table in tables if f"{name}_".startswith(f"test_{table}_")]
    return max(fitting, key=len, default=name)


def test_every_cdm_table_that_is_filled_has_a_chapter_and_no_chapter_lacks_its_table():
    filled = {step.name for step in STEPS if step.layer == "cdm"}
    chapters = {chapter_of(path.stem, filled) for path in CHAPTERS.glob("test_*.py")}
    assert chapters == filled


def test_every_filled_table_is_one_of_the_cdm():
    assert {step.name for step in STEPS if step.layer == "cdm"} <= set(spec.CDM_TABLES)


def test_every_folder_of_the_sql_is_a_known_layer():
    folders = {path.name for path in SQL.iterdir() if path.is_dir()}
    assert folders == set(LAYERS)


@pytest.mark.parametrize("table", BY_TABLE)
def test_every_step_says_first_what_one_of_its_rows_is(table):
    assert re.match(r"-- (One|Two) rows?\b", BY_TABLE[table].sql)


@pytest.mark.parametrize("table", BY_TABLE)
def test_every_step_is_one_select(table):
    [statement] = sqlglot.parse(BY_TABLE[table].sql, read="duckdb")
    assert isinstance(statement, exp.Query)


def test_every_step_names_only_what_exists_and_fills_what_the_cdm_requires():
    check_steps(ordered(STEPS, GIVEN), GIVEN)


def test_every_concept_that_the_sql_names_is_a_standard_one_of_the_vocabulary(specification):
    named = {
        int(number)
        for step in STEPS
        for line in step.sql.splitlines()
        if "concept_id" in line
        for number in re.findall(r"\b\d{3,10}\b", line.split("--")[0])
    }
    assert {32817, 32882, 9201, 756265} <= named
    known = specification.con.execute(
        "SELECT concept_id FROM vocabulary.concept"
        f" WHERE standard_concept = 'S' AND concept_id IN ({', '.join(map(str, named))})"
    ).fetchall()
    assert {row[0] for row in known} == named
