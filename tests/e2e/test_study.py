"""The study inside PostgreSQL: built as a whole, beside other studies, back with its CDM."""

from datetime import date

import duckdb
import psycopg
import pytest

from etl.errors import BusyError, ContractError, NotFoundError, PlanError, ReviewError
from etl.settings import PROJECT, Settings
from etl.study.cohort import build
from etl.study.columns import read_columns
from etl.study.definition import NPC_LUNG_PD1, Study
from etl.study.export import export
from etl.study.provenance import freshness
from etl.study.review import Line, Review
from etl.warehouse import load, publish, server
from etl.warehouse import study as study_schemas
from tests.e2e.warehouse_lake import (
    CDM,
    VOCABULARY,
    installed_postgres,
    write_lake,
    write_table,
)

pytestmark = pytest.mark.slow
MAPPINGS = PROJECT / "mappings"

TOY = {
    "settings.yaml": "cohort_definition_id: 77  # free\nborn_before: 2000  # adults\n",
    "columns.yaml": "any:\n  person_id: the patient\ntoy:\n  year_of_birth: year of birth\n",
    "study/born.sql": "-- One row per person with a year of birth.\n"
    "SELECT person_id, year_of_birth FROM cdm.person",
    "study/toy.sql": "-- One row per adult.\nSELECT born.person_id, born.year_of_birth\n"
    "FROM study.born AS born\nCROSS JOIN study.setting AS setting\n"
    "WHERE born.year_of_birth < setting.born_before",
    "study/toy_decided.sql": "-- One row per decision.\nSELECT person_id, decision\n"
    "FROM study.review_decision",
    "results/cohort.sql": "-- One row per adult.\n"
    "SELECT setting.cohort_definition_id, CAST(toy.person_id AS BIGINT) AS subject_id,\n"
    "    DATE '2020-01-01' AS cohort_start_date, DATE '2020-01-02' AS cohort_end_date\n"
    "FROM study.toy AS toy CROSS JOIN study.setting AS setting",
}


@pytest.fixture(scope="module")
def embedded(tmp_path_factory):
    settings = Settings(home=tmp_path_factory.mktemp("home"), warehouse=None)
    yield server.connect_url(settings)
    server.stop(settings)


@pytest.fixture(scope="module")
def installed():
    with installed_postgres() as url:
        yield url


@pytest.fixture(params=["embedded", pytest.param("installed", marks=pytest.mark.url)])
def url(request, lake):
    """Both servers, each with a published CDM of load 1."""
    url = request.getfixturevalue(request.param)
    if url is None:
        pytest.skip("PostgreSQL is not installed on this machine")
    return published(url, lake)


@pytest.fixture
def one_url(embedded, lake):
    return published(embedded, lake)


def published(url, lake):
    with psycopg.connect(url, autocommit=True) as con:
        for schema in schemas_of(url):
            con.execute(f'DROP SCHEMA "{schema}" CASCADE')
    load.load(url, lake, "1")
    publish.publish(url, "1")
    return url


@pytest.fixture
def lake(tmp_path):
    person = f"SELECT *, CAST(person_id AS VARCHAR) AS person_source_value FROM ({CDM['person']})"
    lake = write_lake(tmp_path / "lake", person=person)
    # person.person_id, which the definition names as its subject
    concept = VOCABULARY["concept"].replace(
        "range(50)", "(SELECT unnest(list_concat(range(50), [1147026])))"
    )
    write_table(lake / "vocabulary" / "concept.parquet", "concept", concept)
    return lake


@pytest.fixture
def toy(tmp_path):
    return written(tmp_path / "toy")


def written(folder, **changed):
    """A toy study; `changed` replaces the text of files by their stem, None leaves one out."""
    for path, text in TOY.items():
        stem = path.removeprefix("study/").partition(".")[0].replace("/", "_")
        text = changed.get(stem, text)
        if text is not None:
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_text(text, encoding="utf-8")
    return Study(folder)


def rows(url, query):
    with psycopg.connect(url) as con:
        return con.execute(query).fetchall()


def schemas_of(url):
    found = rows(
        url,
        "SELECT nspname FROM pg_namespace WHERE nspname !~ '^pg_|^information_schema|^public$'",
    )
    return {schema for (schema,) in found}


def tables_of(url, schema="study"):
    found = rows(url, f"SELECT tablename FROM pg_tables WHERE schemaname = '{schema}'")
    return {table for (table,) in found}


def test_every_file_of_the_study_runs_on_postgresql(url):
    study = Study()
    built = build(url, study, MAPPINGS)
    assert built.rows["study.npc_lung_pd1_attrition"] == len(built.attrition) == 17
    assert tables_of(url) == {
        *(study.table(step) for step in study.steps if step.layer == "study"),
        "npc_lung_pd1_run",
    }
    assert rows(url, "SELECT cohort_definition_id FROM results.cohort_definition") == [(1,)]
    unindexed = rows(
        url,
        "SELECT attrelid::regclass::text FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid"
        " WHERE relnamespace = 'study'::regnamespace AND relkind = 'r' AND attname = 'person_id'"
        " AND NOT EXISTS (SELECT FROM pg_index WHERE indrelid = attrelid AND attnum = indkey[0])",
    )
    assert unindexed == []


def test_duckdb_takes_the_same_files(one_url):
    study = Study()
    build(one_url, study, MAPPINGS)
    columns = rows(
        one_url,
        "SELECT table_name, column_name FROM information_schema.columns"
        " WHERE table_schema = 'study' ORDER BY table_name, ordinal_position",
    )
    with duckdb.connect() as con:
        for table, names in sorted(sources_of(one_url).items()):
            listed = ", ".join(f'"{column}" {kind}' for column, kind in names)
            con.execute(f"CREATE SCHEMA IF NOT EXISTS {table.split('.')[0]}")
            con.execute(f"CREATE TABLE {table} ({listed})")
        con.execute("CREATE SCHEMA study; CREATE SCHEMA results")
        for step in study.steps:
            con.execute(f"CREATE TABLE {step.table} AS {step.sql}")
            if step.layer == "study":
                here = [row[0] for row in con.execute(f"DESCRIBE {step.table}").fetchall()]
                assert here == [c for table, c in columns if table == study.table(step)]


def sources_of(url):
    found = {}
    for schema, table, column, kind in rows(
        url,
        "SELECT table_schema, table_name, column_name, data_type FROM information_schema.columns"
        " WHERE table_schema IN ('cdm', 'vocabulary') ORDER BY ordinal_position",
    ):
        found.setdefault(f"{schema}.{table}", []).append((column, kind))
    return found


def test_every_published_column_says_what_it_means(one_url):
    build(one_url, Study(), MAPPINGS)
    silent = rows(
        one_url,
        "SELECT relname, attname FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid"
        " WHERE relnamespace = 'study'::regnamespace AND relkind = 'r' AND attnum > 0"
        " AND relname NOT LIKE '%\\_work\\_%' AND col_description(attrelid, attnum) IS NULL",
    )
    assert silent == []
    tables = {table for table in read_columns(NPC_LUNG_PD1) if table != "any"}
    assert tables <= tables_of(one_url)


def test_a_second_study_is_a_second_folder(url, toy):
    build(url, Study(), MAPPINGS)
    built = build(url, toy, MAPPINGS)
    assert built.published == {"results.cohort": 20, "study.toy": 20, "study.toy_decided": 0}
    assert {"toy", "toy_run", "toy_work_born", "toy_work_setting"} <= tables_of(url)
    assert "npc_lung_pd1_attrition" in tables_of(url)
    assert rows(url, "SELECT count(*) FROM study.npc_lung_pd1_attrition") == [(17,)]
    assert rows(url, "SELECT cohort_definition_id, count(*) FROM results.cohort GROUP BY 1") == [
        (77, 20)
    ]
    assert rows(url, "SELECT cohort_definition_id FROM results.cohort_definition") == [(1,)]
    build(url, Study(), MAPPINGS)
    assert rows(url, "SELECT count(*) FROM study.toy") == [(20,)]
    assert rows(url, "SELECT count(*) FROM results.cohort") == [(20,)]
    assert {s for s in schemas_of(url) if s.startswith(("study", "results"))} == {
        "study",
        "results",
    }


def test_a_changed_number_is_one_build_away(one_url, toy, tmp_path):
    build(one_url, toy, MAPPINGS)
    stricter = TOY["settings.yaml"].replace("2000", "1970")
    assert build(one_url, written(tmp_path / "toy", settings=stricter), MAPPINGS).published == {
        "results.cohort": 0,
        "study.toy": 0,
        "study.toy_decided": 0,
    }
    assert rows(one_url, "SELECT count(*) FROM study.toy") == [(0,)]
    assert rows(one_url, "SELECT count(*) FROM results.cohort") == [(0,)]


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"toy": "SELECT person_id, gone FROM cdm.person"}, 'study.toy: column "gone" does not'),
        ({"toy": "SELECT 1 AS x FROM cdm.nothing"}, r'study\.toy: relation "cdm\.nothing"'),
        (
            {"toy": "SELECT date_diff('day', visit_start_date, visit_end_date) AS days"
             " FROM cdm.visit_occurrence"},
            r"study\.toy: function date_diff",
        ),
        ({"results_cohort": "SELECT 77 AS cohort_definition_id"}, r"results\.cohort: column"),
    ],
)  # fmt: skip
def test_a_failure_is_named_and_leaves_the_old_cohort(one_url, toy, tmp_path, changed, says):
    build(one_url, toy, MAPPINGS)
    before = schemas_of(one_url), tables_of(one_url), rows(one_url, "TABLE study.toy_run")
    with pytest.raises(PlanError, match=says) as error:
        build(one_url, written(tmp_path / "toy", **changed), MAPPINGS)
    assert "\n" not in str(error.value)
    assert (schemas_of(one_url), tables_of(one_url), rows(one_url, "TABLE study.toy_run")) == before
    assert rows(one_url, "SELECT count(*) FROM results.cohort") == [(20,)]


def test_a_value_that_does_not_fit_is_not_quoted(one_url, toy, tmp_path):
    broken = "SELECT CAST(person_id || 'secret' AS INTEGER) AS n FROM cdm.person"
    with pytest.raises(Exception, match=r"study\.toy: a value does not fit") as error:
        build(one_url, written(tmp_path / "toy", toy=broken, results_cohort=None), MAPPINGS)
    assert "secret" not in str(error.value)


def test_readers_see_the_old_cohort_until_the_new_one_is_whole(one_url, toy):
    build(one_url, toy, MAPPINGS)
    first = rows(one_url, "SELECT built_at FROM study.toy_run")
    seen = []
    build(
        one_url,
        toy,
        MAPPINGS,
        progress=lambda *_: seen.append(
            (
                rows(one_url, "SELECT built_at FROM study.toy_run"),
                rows(one_url, "SELECT count(*) FROM results.cohort"),
            )
        ),
    )
    assert len(seen) == len(toy.steps)
    assert all(one == (first, [(20,)]) for one in seen)
    assert rows(one_url, "SELECT built_at FROM study.toy_run") > first


def test_a_reader_in_a_transaction_is_waited_for(one_url, toy):
    build(one_url, toy, MAPPINGS)
    tables = frozenset({"toy"})
    with psycopg.connect(one_url) as reader:
        reader.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        assert reader.execute("SELECT count(*) FROM study.toy").fetchone() == (20,)
        with (
            pytest.raises(BusyError, match="has been reading the published study"),
            study_schemas.renewed(one_url, "toy", tables, 77, wait_seconds=0),
        ):
            pass
        assert reader.execute("SELECT count(*) FROM study.toy").fetchone() == (20,)


def test_what_others_keep_in_the_schema_and_may_read_stays(url, toy):
    build(url, toy, MAPPINGS)
    with psycopg.connect(url, autocommit=True) as con:
        con.execute("DROP ROLE IF EXISTS study_reader")
        con.execute("CREATE ROLE study_reader")
        con.execute("GRANT USAGE ON SCHEMA study, vocabulary TO study_reader")
        con.execute("GRANT SELECT ON study.toy, vocabulary.codelist TO study_reader")
        con.execute("CREATE TABLE study.my_notes AS SELECT 1 AS n")
        con.execute("CREATE VIEW study.my_view AS SELECT n FROM study.my_notes")
        build(url, toy, MAPPINGS)
        con.execute("SET ROLE study_reader")
        assert con.execute("SELECT count(*) FROM study.toy").fetchone() == (20,)
        assert con.execute("SELECT count(*) > 0 FROM vocabulary.codelist").fetchone() == (True,)
        con.execute("RESET ROLE")
        assert con.execute("SELECT n FROM study.my_view").fetchone() == (1,)
        con.execute("DROP OWNED BY study_reader")
        con.execute("DROP ROLE study_reader")


def test_the_cohort_goes_back_with_its_cdm(url, lake, toy):
    build(url, toy, MAPPINGS)
    one_person = {
        "person": "SELECT 3 AS person_id, 1971 AS year_of_birth",
        "visit_occurrence": "SELECT 1 AS visit_occurrence_id, 3 AS person_id",
        "measurement": "SELECT 1 AS measurement_id, 3 AS person_id",
        "note": "SELECT 1 AS note_id, 3 AS person_id",
    }
    for table, query in one_person.items():
        write_table(lake / "cdm" / f"{table}.parquet", table, query)
    load.load(url, lake, "2")
    publish.publish(url, "2")
    assert freshness(url, toy, MAPPINGS, None).reasons == ("another CDM was published",)
    build(url, toy, MAPPINGS)
    counts = "SELECT (SELECT count(*) FROM study.toy), (SELECT count(*) FROM results.cohort)"
    assert rows(url, counts) == [(1, 1)]
    for expected in [(20, 20), (1, 1)]:
        publish.rollback(url)
        assert rows(url, counts) == [expected]
        assert not freshness(url, toy, MAPPINGS, None).is_stale
        assert rows(url, "SELECT count(*) > 0 FROM vocabulary.concept") == [(True,)]


def test_a_cohort_never_built_from_a_cdm_is_not_there_after_rollback(one_url, lake, toy):
    load.load(one_url, lake, "2")
    publish.publish(one_url, "2")
    build(one_url, toy, MAPPINGS)
    publish.rollback(one_url)
    with pytest.raises(NotFoundError, match="study toy was never built here"):
        freshness(one_url, toy, MAPPINGS, None)
    build(one_url, toy, MAPPINGS)
    publish.rollback(one_url)
    assert not freshness(one_url, toy, MAPPINGS, None).is_stale


def test_a_stale_cohort_is_seen(one_url, toy, tmp_path):
    with pytest.raises(NotFoundError, match="study toy was never built here"):
        freshness(one_url, toy, MAPPINGS, None)
    build(one_url, toy, MAPPINGS)
    assert freshness(one_url, toy, MAPPINGS, None).reasons == ()
    changed = written(tmp_path / "toy", born=TOY["study/born.sql"] + " WHERE person_id > 3")
    found = freshness(one_url, changed, MAPPINGS, "0" * 64)
    assert found.reasons == ("SQL, settings or codelists changed", "the review file changed")
    assert found.told.count("\n") == 0


def test_another_studys_table_or_number_is_not_taken(one_url, toy, tmp_path):
    build(one_url, toy, MAPPINGS)
    second = written(tmp_path / "toy_work", settings="cohort_definition_id: 78\nborn_before: 1\n")
    (tmp_path / "toy_work" / "study" / "toy_work_born.sql").write_text("SELECT 1 AS x")
    with pytest.raises(ContractError, match=r"study\.toy_work_born: belongs to study toy"):
        build(one_url, second, MAPPINGS)
    with pytest.raises(ContractError, match=r"cohort_definition_id: 77 is study toy's"):
        build(one_url, written(tmp_path / "other"), MAPPINGS)
    nameless = written(tmp_path / "third", settings="born_before: 1\n")
    with pytest.raises(ContractError, match=r"third/settings.yaml: cohort_definition_id"):
        build(one_url, nameless, MAPPINGS)


def review(*lines):
    content = repr(lines).encode()
    return Review("review.csv", content, tuple(lines), {})


def line(number, patient, **changed):
    given = {"criterion": "e9", "decision": "met", "reason": "why", "reviewer_code": "R01"}
    return Line(number, patient, decided_on=date(2025, 1, 2), **{**given, **changed})


def test_signed_decisions_are_a_table_of_the_study(one_url, toy):
    given = review(line(2, "3"), line(3, "3", criterion="i3", decision="not met"), line(4, "5"))
    build(one_url, toy, MAPPINGS, given)
    assert rows(one_url, "SELECT * FROM study.toy_work_review_decision ORDER BY 1, 2") == [
        (3, "e9", "met", "why", "R01", date(2025, 1, 2)),
        (3, "i3", "not met", "why", "R01", date(2025, 1, 2)),
        (5, "e9", "met", "why", "R01", date(2025, 1, 2)),
    ]
    assert rows(one_url, "SELECT count(*) FROM study.toy_decided") == [(3,)]
    assert freshness(one_url, toy, MAPPINGS, given.sha256).reasons == ()


def test_a_review_of_a_patient_who_is_not_there_changes_nothing(one_url, toy):
    build(one_url, toy, MAPPINGS)
    before = rows(one_url, "TABLE study.toy_run")
    with pytest.raises(ReviewError, match="line 2 column patient"):
        build(one_url, toy, MAPPINGS, review(line(2, "404")))
    assert rows(one_url, "TABLE study.toy_run") == before


def test_the_tables_are_handed_out_with_a_dictionary(one_url, toy, tmp_path):
    build(one_url, toy, MAPPINGS)
    assert export(one_url, toy, tmp_path / "out") == {"toy": 20, "toy_decided": 0, "toy_run": 1}
    with duckdb.connect() as con:
        from_csv = con.sql(f"FROM read_csv('{tmp_path}/out/toy.csv')").fetchall()
        parquet = con.sql(f"FROM read_parquet('{tmp_path}/out/toy.parquet')")
        assert from_csv == parquet.fetchall()
        assert [str(kind) for kind in parquet.types] == ["BIGINT", "INTEGER"]
        dictionary = con.sql(
            f"SELECT * FROM read_csv('{tmp_path}/out/data_dictionary.csv', all_varchar = true)"
            " WHERE \"table\" = 'toy'"
        ).fetchall()
    assert dictionary == [
        ("toy", None, None, "One row per adult.", "20", None),
        ("toy", "person_id", "bigint", "the patient", "20", "20"),
        ("toy", "year_of_birth", "integer", "year of birth", "20", "20"),
    ]
    assert {path.stat().st_mode & 0o777 for path in (tmp_path / "out").iterdir()} == {0o600}


def test_without_a_published_cdm_there_is_no_cohort(embedded, toy):
    with psycopg.connect(embedded, autocommit=True) as con:
        for schema in schemas_of(embedded):
            con.execute(f'DROP SCHEMA "{schema}" CASCADE')
    with pytest.raises(NotFoundError, match="no CDM is published here"):
        build(embedded, toy, MAPPINGS)
