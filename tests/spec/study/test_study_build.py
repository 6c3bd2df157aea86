"""What a study is: settings, what it may read, codelists, names of tables, checksum."""

from pathlib import Path

import duckdb
import pytest

from etl.engine.plan import Step
from etl.errors import ContractError, PlanError
from etl.settings import PROJECT
from etl.study.definition import (
    Study,
    check_codelists,
    codelists_named,
    setting_step,
    study_steps,
)
from etl.warehouse import spec

MAPPINGS = PROJECT / "mappings"


def test_cohort_tables_have_ohdsis_shape(specification):
    for table in ("cohort", "cohort_definition"):
        found = specification.columns_of(f"results.{table}")
        assert found == {column.name: column.duckdb_type for column in spec.columns(table)}


def test_no_published_column_needs_more_than_plain_types(specification):
    study = Study()
    kinds = set()
    for step in study.steps:
        if step.layer == "study" and study.table(step) == step.name:
            kinds |= set(specification.columns_of(step.table).values())
    assert kinds <= {"INTEGER", "BIGINT", "DOUBLE", "VARCHAR", "DATE", "BOOLEAN"}


def test_a_study_is_named_by_its_setting_or_its_folder(tmp_path):
    folder = tmp_path / "toy"
    folder.mkdir()
    (folder / "settings.yaml").write_text("days: 1\n", encoding="utf-8")
    assert Study(folder).name == "toy"
    (folder / "settings.yaml").write_text("study: mine\n", encoding="utf-8")
    assert Study(folder).name == "mine"
    (folder / "settings.yaml").write_text("study: My Study\n", encoding="utf-8")
    with pytest.raises(ContractError, match=r"toy/settings\.yaml: study: a name has"):
        Study(folder).name  # noqa: B018


def test_working_tables_carry_the_studys_name_when_published():
    study = Study()
    assert study.table(Step("study", "npc_lung_pd1_evidence", "")) == "npc_lung_pd1_evidence"
    assert study.table(Step("study", "setting", "")) == "npc_lung_pd1_work_setting"


def test_the_checksum_follows_sql_settings_and_codelists_that_are_named(tmp_path):
    folder, mappings = tmp_path / "toy", tmp_path / "mappings"
    (folder / "study").mkdir(parents=True)
    (mappings / "codelists").mkdir(parents=True)
    files = {
        folder / "settings.yaml": "days: 1\n",
        folder / "study" / "toy.sql": "SELECT 1 AS x FROM vocabulary.codelist AS c"
        " WHERE c.codelist = 'used'",
        mappings / "codelists" / "used.csv": "concept_id\n1\n",
        mappings / "codelists" / "other.csv": "concept_id\n1\n",
    }
    for path, text in files.items():
        path.write_text(text, encoding="utf-8")
    first = Study(folder).checksum(mappings)
    for path, text in files.items():
        path.write_text(text + "\n", encoding="utf-8")
        changed = Study(folder).checksum(mappings) != first
        assert changed is (path.stem != "other"), path.name
        path.write_text(text, encoding="utf-8")
    assert Study(folder).checksum(mappings) == first


@pytest.mark.parametrize("table", ["stage.person", "stem.event", "raw.HZ_ZSY"])
def test_a_study_reads_the_cdm_only(tmp_path, table):
    (tmp_path / "study").mkdir()
    (tmp_path / "settings.yaml").write_text("x: 1\n", encoding="utf-8")
    (tmp_path / "study" / "peek.sql").write_text(f"SELECT 1 AS x FROM {table}", encoding="utf-8")
    with pytest.raises(PlanError, match=rf"study\.peek: reads {table}: a study reads the CDM"):
        study_steps(tmp_path)


def test_settings_become_typed_columns(tmp_path):
    path = tmp_path / "settings.yaml"
    path.write_text(
        "days: 14\nlimit: 1.5\nis_on: true\nsince: 2023-01-31\nname: it's\n", encoding="utf-8"
    )
    step = setting_step(path)
    assert step.table == "study.setting"
    described = duckdb.sql(f"DESCRIBE {step.sql}").fetchall()
    assert [(row[0], row[1]) for row in described] == [
        ("days", "INTEGER"),
        ("limit", "DOUBLE"),
        ("is_on", "BOOLEAN"),
        ("since", "DATE"),
        ("name", "VARCHAR"),
    ]
    assert duckdb.sql(step.sql).fetchall()[0][4] == "it's"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("days: [1, 2]", "days: must be a number"),
        ("a b: 1", "a b: a setting's name"),
        ("days: 99999999999", "days: must be a number"),
        ("", "must hold lines"),
        ("- 1", "must hold lines"),
        ("{", "cannot be read"),
    ],
)
def test_a_bad_setting_is_named(tmp_path, text, message):
    path = tmp_path / "settings.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ContractError, match=message):
        setting_step(path)


def test_missing_settings_are_named(tmp_path):
    with pytest.raises(ContractError, match=r"settings\.yaml: cannot be read"):
        setting_step(Path(tmp_path / "settings.yaml"))


def test_every_number_of_the_study_has_its_reason():
    path = PROJECT / "etl" / "study" / "npc_lung_pd1" / "settings.yaml"
    for line in path.read_text(encoding="utf-8").splitlines():
        if ":" in line and not line.lstrip().startswith("#") and "study:" not in line:
            assert "#" in line or "cohort_name" in line, line


def test_codelists_are_found_in_every_comparison():
    step = Step(
        "study",
        "x",
        "SELECT bool_or(c.codelist <> 'cytotoxic') AS y FROM vocabulary.codelist AS c"
        " WHERE c.codelist IN ('pd1', 'pd_l1') OR c.codelist = 'kps'",
    )
    assert codelists_named(step) == {"cytotoxic", "pd1", "pd_l1", "kps"}


def test_an_unknown_codelist_is_an_error():
    step = Step(
        "study", "x", "SELECT 1 AS y FROM vocabulary.codelist AS c WHERE c.codelist = 'pd2'"
    )
    with pytest.raises(ContractError, match=r"study\.x: no codelist pd2"):
        check_codelists([step], MAPPINGS)


def test_the_studys_codelists_exist():
    check_codelists(study_steps(), MAPPINGS)
