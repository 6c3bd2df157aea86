"""The plan: what a step reads, the order that follows, and the errors that name the culprit."""

import duckdb
import pytest

from etl.engine.duckdb import (
    check_steps,
    open_tables,
    remove_strangers,
    run_steps,
    select_of,
)
from etl.engine.given import given_tables
from etl.engine.lineage import column_lineage
from etl.engine.plan import LAYERS, SQL, Step, needed, ordered, read_steps
from etl.errors import PlanError, TransformError
from etl.settings import PROJECT
from etl.source.contracts import load_contracts

GIVEN = given_tables(load_contracts(PROJECT / "mappings" / "sources"))
PERSON = """
SELECT
    1    AS person_id,
    0    AS gender_concept_id,
    1975 AS year_of_birth,
    0    AS race_concept_id,
    0    AS ethnicity_concept_id
"""


@pytest.fixture
def con():
    opened = duckdb.connect()
    opened.execute((SQL / "functions.sql").read_text(encoding="utf-8"))
    yield opened
    opened.close()


def test_a_step_reads_the_tables_of_its_select_whatever_their_alias():
    step = Step(
        "stage",
        "one",
        "WITH inner_one AS (SELECT * FROM raw.A) SELECT * FROM inner_one AS i"
        " LEFT JOIN raw.B AS b ON b.x IN (SELECT x FROM vocabulary.concept)",
    )
    assert step.reads == ("raw.A", "raw.B", "vocabulary.concept")


def test_a_table_that_names_no_layer_is_an_error_by_name():
    with pytest.raises(PlanError, match=r"stage.one: reads elsewhere, which names no layer"):
        Step("stage", "one", "SELECT * FROM elsewhere").reads  # noqa: B018


@pytest.mark.parametrize(
    "sql", ["SELECT 1 AS a; SELECT 2 AS a", "DROP TABLE person", "", "SELECT FROM WHERE ("]
)
def test_a_file_that_is_not_one_select_is_an_error_by_name(sql):
    with pytest.raises(PlanError, match=r"^stage.one: "):
        Step("stage", "one", sql).query  # noqa: B018


def test_an_unknown_table_is_an_error_by_name():
    step = Step("stage", "one", "SELECT * FROM raw.NOWHERE")
    with pytest.raises(PlanError, match=r"stage.one: reads raw.NOWHERE, which no step and no"):
        ordered([step], ["raw.LIS_JG"])


def test_steps_that_read_each_other_are_an_error_by_name():
    steps = [
        Step("stage", "one", "SELECT * FROM stage.two"),
        Step("stage", "two", "SELECT * FROM stage.three"),
        Step("stage", "three", "SELECT * FROM stage.one"),
    ]
    with pytest.raises(PlanError, match="in a circle") as raised:
        ordered(steps, [])
    assert all(step.table in str(raised.value) for step in steps)


def test_a_step_comes_after_what_it_reads_and_layer_and_name_decide_the_rest():
    steps = [
        Step("stage", "a", "SELECT * FROM stage.z"),
        Step("stage", "b", "SELECT 1 AS x"),
        Step("stage", "z", "SELECT 1 AS x"),
        Step("cdm", "a", "SELECT 1 AS x"),
    ]
    assert [s.table for s in ordered(steps, [])] == ["stage.b", "stage.z", "cdm.a", "stage.a"]


def test_the_order_of_the_real_plan_is_total_and_the_same_each_time():
    first = [step.table for step in ordered(read_steps(), GIVEN)]
    again = [step.table for step in ordered(read_steps(), GIVEN)]
    assert first == again
    assert len(set(first)) == len(first) == len(read_steps())
    place = {table: number for number, table in enumerate(first)}
    for step in read_steps():
        assert all(place[read] < place[step.table] for read in step.reads if read in place)


def test_no_layer_reads_a_later_one():
    rank = {layer: number for number, layer in enumerate(("raw", "vocabulary", *LAYERS))}
    for step in read_steps():
        assert all(rank[read.split(".")[0]] <= rank[step.layer] for read in step.reads), step.table


def test_what_a_table_needs_ends_with_itself():
    steps = ordered(read_steps(), GIVEN)
    tables = [step.table for step in needed(steps, "cdm.location")]
    assert tables[-1] == "cdm.location"
    assert set(tables) == {"stage.identity", "stage.master_index", "stage.person", "cdm.location"}


def test_a_target_that_no_step_fills_is_an_error_by_name():
    with pytest.raises(PlanError, match=r"cdm.persons: no step fills it"):
        needed(ordered(read_steps(), GIVEN), "cdm.persons")


def test_an_unknown_column_is_an_error_by_name():
    step = Step("stage", "one", "SELECT JG2 FROM raw.LIS_JG")
    with pytest.raises(PlanError, match=r"stage.one: .*JG2"):
        check_steps([step], {"raw.LIS_JG": {"JG": "VARCHAR"}})


def test_an_unknown_function_is_an_error_by_name():
    with pytest.raises(PlanError, match=r"stage.one: .*source_tmestamp"):
        check_steps([Step("stage", "one", "SELECT source_tmestamp('2023') AS x")], {})


def test_a_column_that_the_cdm_does_not_have_is_an_error_by_name(con):
    step = Step("cdm", "person", PERSON + ", 1 AS shoe_size")
    with pytest.raises(PlanError, match=r"cdm.person: fills shoe_size, which CDM 5.4 does not"):
        select_of(con, step)


def test_a_required_column_that_is_not_filled_is_an_error_by_name(con):
    step = Step("cdm", "person", PERSON.replace("1975 AS year_of_birth,", ""))
    with pytest.raises(PlanError, match=r"cdm.person: does not fill year_of_birth, which CDM 5.4"):
        select_of(con, step)


def test_what_a_step_does_not_fill_is_null_in_the_order_and_type_of_the_cdm(con):
    described = con.execute(f"DESCRIBE {select_of(con, Step('cdm', 'person', PERSON))}").fetchall()
    assert [row[0] for row in described][:4] == [
        "person_id",
        "gender_concept_id",
        "year_of_birth",
        "month_of_birth",
    ]
    assert len(described) == 18
    assert {row[0]: row[1] for row in described}["birth_datetime"] == "TIMESTAMP"
    assert {row[0]: row[1] for row in described}["person_id"] == "BIGINT"


@pytest.mark.parametrize(
    ("table", "column", "source"),
    [
        ("cdm.measurement", "value_as_number", "raw.LIS_JG.JG"),
        ("cdm.measurement", "value_as_number", "raw.FL_FC.SCJL"),
        ("cdm.person", "year_of_birth", "raw.HZ_ZSY.CSRQ"),
        ("cdm.drug_exposure", "quantity", "raw.YZ_ZXJL.SJJL"),
        ("cdm.death", "death_date", "raw.SF_SFJL.SWRQ"),
    ],
)
def test_a_column_is_traced_to_the_hospitals_own(table, column, source):
    assert source in column_lineage(ordered(read_steps(), GIVEN), table, column, GIVEN)


def test_the_file_of_a_step_that_is_no_more_is_removed_and_others_stay(tmp_path):
    names = ["cdm/person.parquet", "cdm/gone.parquet", "study/of_another.parquet", "cdm/run.json"]
    for name in names:
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.touch()
    remove_strangers(tmp_path, [Step("cdm", "person", "SELECT 1 AS person_id FROM stage.person")])
    left = {str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*.*")}
    assert left == {*names} - {"cdm/gone.parquet"}


def test_steps_side_by_side_still_find_what_they_read(tmp_path, con):
    steps = [
        Step("stage", "a", "SELECT range AS n FROM range(1000)"),
        Step("stage", "b", "SELECT 2 * range AS n FROM range(1000)"),
        Step("stem", "both", "SELECT a.n FROM stage.a AS a JOIN stage.b AS b ON a.n = b.n"),
    ]
    told = []
    results = run_steps(con, steps, tmp_path, lambda *what: told.append(what[:2]))
    assert results[-1].table == "stem.both"
    assert results[-1].rows == 500
    assert [(r.table, r.rows) for r in results] == told


def test_a_failing_step_is_named_and_leaves_no_half_file(tmp_path, con):
    steps = [
        Step("stage", "good", "SELECT 1 AS n"),
        Step("stem", "bad", "SELECT error('row 7: 张三') AS n FROM stage.good"),
        Step("cdm", "after", "SELECT n FROM stem.bad"),
    ]
    with pytest.raises(TransformError, match=r"^stem\.bad: ") as failure:
        run_steps(con, steps, tmp_path, lambda *_: None)
    assert "张三" not in str(failure.value)
    assert [path.name for path in tmp_path.rglob("*.parquet")] == ["good.parquet"]


def test_a_step_that_is_not_stored_is_read_all_the_same_and_opened_again(tmp_path, con):
    steps = [
        Step("stage", "few", "SELECT range AS n FROM range(9)"),
        Step("stem", "seen", "SELECT n\n-- Not stored: few rows.\nFROM stage.few WHERE n > 3"),
        Step("stem", "told", "SELECT n + 1 AS n FROM stem.seen"),
    ]
    assert [r.rows for r in run_steps(con, steps, tmp_path, lambda *_: None)] == [9, 0, 5]
    assert not (tmp_path / "stem" / "seen.parquet").exists()
    assert (tmp_path / "stem" / "seen.sql").stat().st_mode & 0o077 == 0
    with duckdb.connect() as later:
        open_tables(later, tmp_path)
        assert later.execute("SELECT count(*) FROM stem.seen").fetchone() == (5,)
    run_steps(con, [Step("stem", "seen", "SELECT 1 AS n")], tmp_path, lambda *_: None)
    assert not (tmp_path / "stem" / "seen.sql").exists()


def test_a_step_that_is_not_stored_and_names_what_is_not_there_is_an_error_by_name(tmp_path, con):
    step = Step("stem", "seen", "SELECT m\n-- Not stored\nFROM (SELECT 1 AS n)")
    with pytest.raises(PlanError, match=r"^stem\.seen: "):
        run_steps(con, [step], tmp_path, lambda *_: None)
