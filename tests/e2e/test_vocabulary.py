"""A vocabulary is loaded, used by the next run, and never changed under a published CDM."""

import json

import psycopg
import pytest

from etl.engine.duckdb import connect
from etl.settings import Settings
from etl.synthetic.generate import generate
from etl.vocabulary.athena import load as vocabulary
from etl.warehouse import load, publish, schemas, server, session
from etl.warehouse.fill import LoadReport
from etl.warehouse.vocabulary import forget_vocabulary, load_vocabulary, schema_of
from tests.e2e.hospital import published, run_command
from tests.e2e.warehouse_lake import write_lake
from tests.unit.athena_bundle import bundle_in, cells, changed

pytestmark = pytest.mark.slow

MALE = "SELECT concept_name FROM {}.concept WHERE concept_id = 8507"


@pytest.fixture(scope="module")
def bundle(tmp_path_factory):
    return bundle_in(tmp_path_factory.mktemp("athena") / "下载 one")


def name_of_male(url: str, schema: str = "cdm") -> str:
    with psycopg.connect(url) as con:
        return con.execute(MALE.format(schema)).fetchone()[0]


def test_a_published_cdm_keeps_its_vocabulary_until_the_next_publish(bundle, new_home, tmp_path):
    home = new_home()
    source = tmp_path / "hospital"
    generate(6, 7, source, mess=0.0)

    first = run_command("vocabulary", "load", str(bundle), home=home)
    assert first.returncode == 0, first.stderr
    assert "is in use" in first.stdout
    assert "stop that run" not in first.stdout
    done = run_command("run", "--source", str(source), "--json", home=home)
    assert done.returncode == 0, done.stderr
    load_id = json.loads(done.stdout)["load_id"]
    assert (home / "lake" / "vocabulary" / "concept.parquet").is_symlink()
    url = published(home)
    assert name_of_male(url) == "MALE"

    cut = changed(bundle, tmp_path / "cut", "CONCEPT.csv", lambda content: content[:-30])
    refused = run_command("vocabulary", "load", str(cut), home=home)
    assert refused.returncode == 12
    assert refused.stderr.splitlines()[-1].startswith("error: CONCEPT.csv line ")
    assert "Traceback" not in refused.stderr

    renamed = cells(b"8507", concept_name=b"man")
    newer = changed(bundle, tmp_path / "newer", "CONCEPT.csv", renamed)
    assert run_command("vocabulary", "load", str(newer), home=home).returncode == 0
    assert name_of_male(url) == "MALE"
    checked = run_command("vocabulary", "check", "--json", home=home)
    assert checked.returncode == 13
    report = json.loads(checked.stdout)
    assert report["stops_run"] == 0
    assert set(report["findings"]) == {"other name"}
    assert any(line["rows"] for line in report["lines"])

    again = run_command("run", "--source", str(source), "--json", home=home)
    assert again.returncode == 0, again.stderr
    assert json.loads(again.stdout)["load_id"] != load_id
    assert name_of_male(url) == "man"
    assert name_of_male(url, "cdm_previous") == "MALE"


@pytest.fixture(scope="module")
def url(tmp_path_factory):
    settings = Settings(home=tmp_path_factory.mktemp("home"))
    yield server.connect_url(settings)
    server.stop(settings)


def vocabularies(url: str) -> set[str]:
    with psycopg.connect(url) as con:
        found = con.execute("SELECT nspname FROM pg_namespace WHERE nspname ~ '^vocabulary'")
        return {schema for (schema,) in found.fetchall()}


def test_a_vocabulary_that_no_cdm_uses_yet_waits_for_the_next_run(url, tmp_path):
    lake = write_lake(tmp_path / "lake")
    own = load.load(url, lake, "1").vocabulary_schema
    load_vocabulary(url, lake / "vocabulary", "a" * 16)
    load_vocabulary(url, lake / "vocabulary", "b" * 16)
    publish.publish(url, "1")  # drops what is old: a was never used, b awaits its run
    assert vocabularies(url) == {own, schema_of("b" * 16)}
    with session.connect(url) as con:
        assert schemas.load_of(con, schema_of("b" * 16)) == ("b" * 16 + schemas.AWAITED, True)


def test_a_vocabulary_that_was_only_measured_leaves_the_warehouse(url, tmp_path):
    lake = write_lake(tmp_path / "lake")
    used = load.load(url, lake, "1").vocabulary_schema
    load_vocabulary(url, lake / "vocabulary", "d" * 16)
    forget_vocabulary(url, "d" * 16)
    forget_vocabulary(url, used.removeprefix("vocabulary_"))  # a CDM uses it
    assert vocabularies(url) >= {used}
    assert schema_of("d" * 16) not in vocabularies(url)


def test_a_load_of_a_vocabulary_that_breaks_off_leaves_the_others(url, tmp_path, monkeypatch):
    lake = write_lake(tmp_path / "lake")
    before = {s for s in vocabularies(url) if not s.endswith("_next")}

    def crash(*_):
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr("etl.warehouse.fill.add_foreign_keys", crash)
        with pytest.raises(KeyboardInterrupt):
            load_vocabulary(url, lake / "vocabulary", "c" * 16)
    assert vocabularies(url) == before | {"vocabulary_next"}
    report = load_vocabulary(url, lake / "vocabulary", "c" * 16)
    assert isinstance(report, LoadReport)
    assert schema_of("c" * 16) in vocabularies(url)


def test_nothing_is_in_use_before_the_warehouse_has_it(bundle, tmp_path, monkeypatch):
    settings = Settings(home=tmp_path / "home", warehouse="postgresql://nobody@127.0.0.1:1/none")
    with pytest.raises(Exception, match="cannot be reached"):
        vocabulary.load(bundle, settings, lambda *_: None)
    assert vocabulary.in_use(settings) == "starter"
    with connect(settings) as con:
        vocabulary.provide(settings, con, lambda *_: None)
    assert not (settings.lake / "vocabulary" / "concept.parquet").is_symlink()
