"""quality.coverage: one set of rows a load, kept from load to load."""

import psycopg
import pytest

from etl.errors import WarehouseError
from etl.quality.coverage import Coverage
from etl.quality.coverage_history import coverage_history, record_coverage
from etl.settings import Settings
from etl.warehouse import server

pytestmark = pytest.mark.slow

FIRST = Coverage("npc_lab", "Measurement", 2, 1, 10, 4, 1, 0, 0, 0, 5, 0)
SECOND = Coverage("npc_lab", "Measurement", 2, 2, 10, 8, 1, 1, 0, 0, 0, 0)


@pytest.fixture(scope="module")
def url(tmp_path_factory):
    settings = Settings(home=tmp_path_factory.mktemp("home"), warehouse=None)
    yield server.connect_url(settings)
    server.stop(settings)


@pytest.fixture
def own_url(url):
    with psycopg.connect(url, autocommit=True) as con:
        con.execute("DROP SCHEMA IF EXISTS quality CASCADE")
    return url


def rows(url, query):
    with psycopg.connect(url) as con:
        return con.execute(query).fetchall()


def test_each_load_has_its_rows_and_the_latest_comes_first(own_url):
    assert coverage_history(own_url) == []
    record_coverage(own_url, "1-aaaaaaaa", [FIRST])
    record_coverage(own_url, "2-bbbbbbbb", [SECOND])
    found = [(load, count, mapped) for load, _, count, mapped in coverage_history(own_url)]
    assert found == [("2-bbbbbbbb", 10, 10), ("1-aaaaaaaa", 10, 5)]


def test_the_same_load_again_replaces_its_rows(own_url):
    record_coverage(own_url, "1-aaaaaaaa", [FIRST])
    record_coverage(own_url, "1-aaaaaaaa", [SECOND])
    assert rows(own_url, "SELECT load_id, approved FROM quality.coverage") == [("1-aaaaaaaa", 8)]


def test_a_schema_of_somebody_elses_is_left_alone(own_url):
    with psycopg.connect(own_url, autocommit=True) as con:
        con.execute("CREATE SCHEMA quality")
    with pytest.raises(WarehouseError, match="schema quality that npc-omop did not make"):
        record_coverage(own_url, "1-aaaaaaaa", [FIRST])
