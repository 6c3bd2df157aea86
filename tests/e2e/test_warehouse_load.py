"""The lake into PostgreSQL: loaded beside, checked, published, rolled back."""

import threading
from pathlib import Path

import duckdb
import psycopg
import pytest

from etl.errors import BusyError, NotFoundError, WarehouseError
from etl.settings import Settings
from etl.warehouse import fill, load, publish, schemas, server, session, spec, study
from tests.e2e.warehouse_lake import CDM, installed_postgres, write_lake

pytestmark = pytest.mark.slow


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
def url(request):
    """Both servers, for what may differ between versions of PostgreSQL."""
    url = request.getfixturevalue(request.param)
    if url is None:
        pytest.skip("PostgreSQL is not installed on this machine")
    return emptied(url)


@pytest.fixture
def one_url(embedded):
    return emptied(embedded)


def emptied(url):
    with psycopg.connect(url, autocommit=True) as con:
        for schema in schemas_of(url):
            con.execute(f'DROP SCHEMA "{schema}" CASCADE')
    return url


@pytest.fixture
def lake(tmp_path):
    return write_lake(tmp_path / "lake")


def rows(url, query):
    with psycopg.connect(url) as con:
        return con.execute(query).fetchall()


def schemas_of(url):
    return {
        s
        for (s,) in rows(
            url,
            "SELECT nspname FROM pg_namespace WHERE nspname !~ '^pg_|^information_schema|^public$'",
        )
    }


def test_a_published_load_has_all_39_tables_and_every_key(url, lake):
    said = []
    report = load.load(url, lake, "1", lambda table, rows: said.append((table, rows)))
    publish.publish(url, "1")

    there = {
        (schema, table)
        for schema, table in rows(
            url,
            "SELECT table_schema, table_name FROM information_schema.tables"
            " WHERE table_schema IN ('cdm', 'results')",
        )
    }
    assert there == {("cdm", t) for t in spec.CDM_TABLES + spec.VOCABULARY_TABLES} | {
        ("results", t) for t in spec.RESULTS_TABLES
    }
    assert len(there) == 39
    assert rows(
        url,
        "SELECT contype::text, convalidated, count(*)::int FROM pg_constraint"
        " JOIN pg_class ON pg_class.oid = conrelid"
        " JOIN pg_namespace ON pg_namespace.oid = relnamespace"
        " WHERE nspname ~ '^(cdm|results|vocabulary_)' AND contype IN ('f', 'p')"
        " GROUP BY 1, 2 ORDER BY 1",
    ) == [("f", True, 176), ("p", True, 28)]
    assert report.rows["measurement"] == 300
    assert report.rows["cost"] == 0
    assert rows(url, "SELECT count(*), max(value_as_number) FROM cdm.measurement") == [(300, 29.9)]
    assert rows(url, "SELECT count(*) FROM cdm.concept") == [(50,)]
    assert ("measurement", 300) in said
    assert set(report.seconds) == {"vocabulary", "copy", "keys and indexes", "foreign keys"}


def test_text_arrives_as_it_was(url, lake):
    load.load(url, lake, "1")
    with duckdb.connect() as con:
        expected = con.sql(f"SELECT note_id, note_text FROM ({CDM['note']}) ORDER BY 1").fetchall()
    assert rows(url, "SELECT note_id, note_text FROM cdm_next.note ORDER BY 1") == expected
    assert rows(url, "SELECT count(note_title) FROM cdm_next.note") == [(0,)]


def test_an_orphan_is_named_and_the_published_cdm_stays(one_url, lake, tmp_path):
    load.load(one_url, lake, "1")
    publish.publish(one_url, "1")
    orphan = "SELECT 700000 + i AS measurement_id, 777 AS person_id FROM range(3) t(i)"
    with pytest.raises(WarehouseError) as error:
        load.load(one_url, write_lake(tmp_path / "bad", measurement=orphan), "2")
    assert "measurement.person_id: 3 rows refer to no person.person_id" in str(error.value)
    assert "777" not in str(error.value)
    with pytest.raises(WarehouseError, match="cdm_next does not hold the whole of load 2"):
        publish.publish(one_url, "2")
    assert rows(one_url, "SELECT count(*) FROM cdm.measurement") == [(300,)]


@pytest.mark.parametrize(
    ("query", "says"),
    [
        ("SELECT 7 AS person_id FROM range(2)", "person.person_id is not unique: 1 ids"),
        ("SELECT 7 AS person_id, NULL AS year_of_birth", "person.year_of_birth is empty"),
        (
            "SELECT 7 AS person_id, 'A' || chr(0) || 'B' AS person_source_value",
            "person holds a value that PostgreSQL does not take",
        ),
    ],
)
def test_a_row_that_breaks_the_cdm_is_named_without_its_values(embedded, tmp_path, query, says):
    with pytest.raises(WarehouseError) as error:
        load.load(embedded, write_lake(tmp_path / "lake", person=query), "1")
    assert says in str(error.value)
    assert "\n" not in str(error.value)


def test_a_file_that_is_no_parquet_or_lacks_a_column_is_named(embedded, lake):
    with duckdb.connect() as con:
        con.execute(f"COPY (SELECT 1 AS death_id) TO '{lake}/cdm/death.parquet' (FORMAT parquet)")
    with pytest.raises(WarehouseError, match=r"death\.parquet has no column person_id"):
        load.load(embedded, lake, "1")
    (lake / "cdm" / "death.parquet").write_bytes(b"PAR1 half a file")
    with pytest.raises(WarehouseError, match=r"death\.parquet is no whole Parquet file"):
        load.load(embedded, lake, "1")


def test_rollback_swaps_and_swaps_back(url, lake, tmp_path):
    load.load(url, lake, "1")
    publish.publish(url, "1")
    with pytest.raises(NotFoundError, match="no previous CDM"):
        publish.rollback(url)
    for load_id, count in (("2", 10), ("3", 11)):
        smaller = CDM["measurement"].replace("300", str(count))
        load.load(url, write_lake(tmp_path / load_id, measurement=smaller), load_id)
        publish.publish(url, load_id)
    assert rows(url, "SELECT count(*) FROM cdm.measurement") == [(11,)]
    assert publish.rollback(url) == "2"
    assert rows(url, "SELECT count(*) FROM cdm.measurement") == [(10,)]
    assert publish.rollback(url) == "3"
    assert rows(url, "SELECT count(*) FROM cdm.measurement") == [(11,)]
    assert not {s for s in schemas_of(url) if "_old_" in s}


def test_a_load_published_twice_is_published_once(one_url, lake):
    load.load(one_url, lake, "1")
    publish.publish(one_url, "1")
    publish.publish(one_url, "1")
    assert "cdm_previous" not in schemas_of(one_url)


def test_publishing_waits_for_an_open_reader(url, lake):
    load.load(url, lake, "1")
    publish.publish(url, "1")
    load.load(url, lake, "2")
    with psycopg.connect(url) as reader:
        reader.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        assert reader.execute("SELECT count(*) FROM cdm.person").fetchone() == (20,)
        with pytest.raises(BusyError, match="has been reading the published cdm"):
            publish.publish(url, "2", wait_seconds=0)
        assert reader.execute("SELECT count(*) FROM cdm.measurement").fetchone() == (300,)
        publishing = threading.Thread(target=publish.publish, args=(url, "2"))
        publishing.start()
        assert reader.execute("SELECT count(*) FROM cdm.death").fetchone() == (1,)
        reader.rollback()
        publishing.join(20)
        assert not publishing.is_alive()
    with session.connect(url) as con:
        assert schemas.published_load(con) == "2"


def test_a_second_run_is_told_so(one_url):
    with (
        publish.warehouse_lock(one_url),
        pytest.raises(BusyError, match="another run"),
        publish.warehouse_lock(one_url),
    ):
        pass
    with publish.warehouse_lock(one_url):
        pass


def test_what_a_crash_left_is_replaced(one_url, lake, monkeypatch):
    load.load(one_url, lake, "1")
    publish.publish(one_url, "1")

    def crash(*_):
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(fill, "add_foreign_keys", crash)
        with pytest.raises(KeyboardInterrupt):
            load.load(one_url, lake, "2")  # half a cdm_next
        write_lake(lake, measurement="SELECT 1 AS measurement_id, 1 AS person_id")
        (lake / "vocabulary" / "concept_ancestor.parquet").unlink()
        with pytest.raises(KeyboardInterrupt):
            load.load(one_url, lake, "2")  # half a new vocabulary
    assert {"cdm_next", "vocabulary_next"} <= schemas_of(one_url)
    assert rows(one_url, "SELECT count(*) FROM cdm.measurement") == [(300,)]

    report = load.load(one_url, lake, "2")
    publish.publish(one_url, "2")
    assert rows(one_url, "SELECT count(*) FROM cdm.measurement") == [(1,)]
    assert rows(one_url, "SELECT count(*) FROM cdm.concept_ancestor") == [(0,)]
    assert rows(one_url, "SELECT count(*) FROM cdm_previous.concept_ancestor") == [(2,)]
    left = {s for s in schemas_of(one_url) if "_next" in s or "_old_" in s}
    assert left == {"results_next"}
    assert report.vocabulary_schema in schemas_of(one_url)


def test_a_vocabulary_is_loaded_once_and_dropped_with_its_last_cdm(one_url, lake):
    first = load.load(one_url, lake, "1")
    publish.publish(one_url, "1")
    second = load.load(one_url, lake, "2")
    publish.publish(one_url, "2")
    assert second.vocabulary_schema == first.vocabulary_schema
    assert "concept" in first.rows
    assert "concept" not in second.rows
    (lake / "vocabulary" / "concept_ancestor.parquet").unlink()
    for load_id in ("3", "4"):
        third = load.load(one_url, lake, load_id)
        assert first.vocabulary_schema in schemas_of(one_url)
        publish.publish(one_url, load_id)
        with study.renewed(one_url, "toy", frozenset(), None):
            pass  # `results` and the views of `vocabulary` let go of the old vocabulary
    kept = {s for s in schemas_of(one_url) if s.startswith("vocabulary_")} - {"vocabulary_previous"}
    assert kept == {third.vocabulary_schema} != {first.vocabulary_schema}


def test_a_view_of_the_analyst_keeps_an_old_cdm_alive(one_url, lake):
    for load_id in ("1", "2", "3"):
        load.load(one_url, lake, load_id)
        publish.publish(one_url, load_id)
        if load_id == "1":
            with psycopg.connect(one_url) as con:
                con.execute("CREATE SCHEMA mine")
                con.execute("CREATE VIEW mine.women AS SELECT * FROM cdm.person")
    assert rows(one_url, "SELECT count(*) FROM mine.women") == [(20,)]
    assert {s for s in schemas_of(one_url) if "_old_" in s}


def test_somebody_elses_schema_is_never_touched(one_url, lake):
    with psycopg.connect(one_url) as con:
        con.execute("CREATE SCHEMA cdm")
        con.execute("CREATE TABLE cdm.person (theirs int)")
    with pytest.raises(WarehouseError, match="a schema cdm that npc-omop did not make"):
        load.load(one_url, lake, "1")
    assert rows(one_url, "SELECT count(*) FROM cdm.person") == [(0,)]


def test_readers_may_read_the_next_cdm_too(url, lake):
    load.load(url, lake, "1")
    publish.publish(url, "1")
    with psycopg.connect(url, autocommit=True) as con:
        con.execute("DROP ROLE IF EXISTS npc_reader")
        con.execute("CREATE ROLE npc_reader")
        con.execute("GRANT USAGE ON SCHEMA cdm TO npc_reader")
        con.execute("GRANT SELECT ON ALL TABLES IN SCHEMA cdm TO npc_reader")
        load.load(url, lake, "2")
        publish.publish(url, "2")
        con.execute("SET ROLE npc_reader")
        assert con.execute("SELECT count(*) FROM cdm.person").fetchone() == (20,)
        assert con.execute("SELECT count(*) FROM cdm.concept").fetchone() == (50,)
        con.execute("RESET ROLE")
        con.execute("DROP OWNED BY npc_reader")
        con.execute("DROP ROLE npc_reader")


def test_the_same_load_made_again_replaces_itself_and_keeps_the_previous(url, lake):
    for load_id in ("1", "2", "2"):
        load.load(url, lake, load_id)
        publish.publish(url, load_id)
    assert publish.rollback(url) == "1"


def test_the_floor_leaves_nothing_behind(one_url, lake):
    load.load(one_url, lake, "1")
    before = schemas_of(one_url)
    assert load.floor(one_url, lake) > 0
    assert schemas_of(one_url) == before


def test_the_lake_may_be_given_as_a_relative_path(embedded, lake, monkeypatch):
    monkeypatch.chdir(lake.parent)
    assert load.load(embedded, Path("lake"), "1").rows["person"] == 20
