"""Building a study: settings, what a study may read, codelists, Parquet files."""

import stat
from pathlib import Path

import duckdb
import pytest

from etl.engine.plan import Step
from etl.errors import ContractError, PlanError, TransformError
from etl.settings import PROJECT
from etl.study.cohort import (
    build,
    check_codelists,
    codelists_named,
    setting_step,
    sources,
    study_steps,
)
from etl.warehouse import spec

MAPPINGS = PROJECT / "mappings"


@pytest.fixture
def lake(tmp_path, vocabulary):
    """A lake with an empty CDM and the starter vocabulary."""
    lake = tmp_path / "lake"
    (lake / "cdm").mkdir(parents=True)
    (lake / "vocabulary").symlink_to(vocabulary / "vocabulary")
    with duckdb.connect() as con:
        for table in sources(study_steps()):
            layer, name = table.split(".")
            if layer == "cdm":
                listed = ", ".join(
                    f"CAST(NULL AS {column.duckdb_type}) AS {column.name}"
                    for column in spec.columns(name)
                )
                path = lake / "cdm" / f"{name}.parquet"
                con.execute(f"COPY (SELECT {listed} WHERE false) TO '{path}' (FORMAT parquet)")
    return lake


def silent(table: str, rows: int, seconds: float) -> None:
    pass


def test_every_table_of_the_study_is_written(lake):
    with duckdb.connect() as con:
        results = build(con, lake, MAPPINGS, silent)
    rows = {result.table: result.rows for result in results}
    assert rows["study.npc_lung_pd1_attrition"] == 17
    assert rows["study.npc_lung_pd1_review"] == 0
    assert rows["results.cohort"] == 0
    assert rows["results.cohort_definition"] == 1
    for table in rows:
        path = lake / f"{table.replace('.', '/')}.parquet"
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_cohort_tables_have_ohdsis_shape(lake):
    with duckdb.connect() as con:
        build(con, lake, MAPPINGS, silent)
        for table in ("cohort", "cohort_definition"):
            found = con.execute(f"DESCRIBE results.{table}").fetchall()
            wanted = [(column.name, column.duckdb_type) for column in spec.columns(table)]
            assert [(row[0], row[1]) for row in found] == wanted


def test_no_published_column_needs_more_than_plain_types(lake):
    with duckdb.connect() as con:
        types = {
            row[1]
            for result in build(con, lake, MAPPINGS, silent)
            for row in con.execute(f"DESCRIBE {result.table}").fetchall()
        }
    assert types <= {"INTEGER", "BIGINT", "DOUBLE", "VARCHAR", "DATE", "BOOLEAN"}


def test_a_lake_without_a_cdm_is_named(tmp_path):
    with (
        duckdb.connect() as con,
        pytest.raises(TransformError, match=r"cdm\.condition_occurrence: is not in the lake"),
    ):
        build(con, tmp_path, MAPPINGS, silent)


def test_a_second_study_is_a_second_folder(lake, tmp_path):
    folder = tmp_path / "toy"
    (folder / "study").mkdir(parents=True)
    (folder / "settings.yaml").write_text("min_age_years: 18  # adults\n", encoding="utf-8")
    (folder / "study" / "toy_adult.sql").write_text(
        "SELECT person.person_id FROM cdm.person AS person CROSS JOIN study.setting AS setting"
        " WHERE 2023 - person.year_of_birth > setting.min_age_years",
        encoding="utf-8",
    )
    with duckdb.connect() as con:
        results = build(con, lake, MAPPINGS, silent, folder)
    assert [result.table for result in results] == ["study.setting", "study.toy_adult"]


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
