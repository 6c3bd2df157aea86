"""Where the warehouse is: the embedded server through its accidents, and a server behind a URL."""

import os
import signal
import stat
import subprocess
import sys
import threading

import psycopg
import pytest

from etl.errors import UsageError, WarehouseError
from etl.settings import Settings
from etl.warehouse import server
from tests.e2e.warehouse_lake import installed_postgres

pytestmark = pytest.mark.slow


@pytest.fixture
def settings(tmp_path):
    settings = Settings(home=tmp_path / "home", warehouse=None)
    yield settings
    server.stop(settings)


@pytest.fixture(scope="module")
def installed():
    with installed_postgres() as url:
        if url is None:
            pytest.skip("PostgreSQL is not installed on this machine")
        yield url


def pid_of(settings):
    return int((settings.postgres / "postmaster.pid").read_text().split()[0])


def answer(url):
    with psycopg.connect(url) as con:
        return con.execute("SELECT count(*) FROM pg_tables WHERE tablename = 'kept'").fetchone()[0]


def test_it_starts_once_stops_and_starts_again_with_its_data(settings):
    url = server.connect_url(settings)
    pid = pid_of(settings)
    with psycopg.connect(url) as con:
        con.execute("CREATE TABLE kept (n int)")
    assert server.connect_url(settings) == url
    assert pid_of(settings) == pid
    assert server.stop(settings) is True
    assert server.stop(settings) is False
    assert answer(server.connect_url(settings)) == 1


def test_patients_data_stays_readable_by_its_owner_only(settings):
    server.connect_url(settings)
    for folder in (settings.landing, settings.lake, settings.postgres):
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_it_comes_back_after_kill_9(settings):
    with psycopg.connect(server.connect_url(settings), autocommit=True) as con:
        con.execute("CREATE TABLE kept (n int)")
        os.kill(pid_of(settings), signal.SIGKILL)
        # our connection's process is still there when the next command starts
        assert answer(server.connect_url(settings)) == 1


def test_a_pid_file_of_somebody_elses_process_is_no_obstacle(settings):
    server.connect_url(settings)
    file = settings.postgres / "postmaster.pid"
    lines = file.read_text().splitlines()
    server.stop(settings)
    file.write_text("\n".join([str(os.getpid()), *lines[1:]]) + "\n")
    file.chmod(0o644)
    assert answer(server.connect_url(settings)) == 0


def test_a_half_made_cluster_is_made_anew(settings):
    half = settings.home / "postgres.new"
    half.mkdir(parents=True)
    (half / "PG_VERSION").write_text("18\n")
    assert answer(server.connect_url(settings)) == 0
    assert not half.exists()


@pytest.mark.parametrize("name", ["with a space, and 'quotes'", "数据仓库", "long" * 40])
def test_any_folder_will_do(tmp_path, name):
    settings = Settings(home=tmp_path / name, warehouse=None)
    url = server.connect_url(settings)
    try:
        assert answer(url) == 0
        assert url.isascii()
    finally:
        server.stop(settings)


def test_the_environment_does_not_lead_astray(settings, monkeypatch):
    monkeypatch.setenv("PGPORT", "6000")
    monkeypatch.setenv("PGUSER", "nobody")
    monkeypatch.setenv("PGDATABASE", "nothing")
    assert answer(server.connect_url(settings)) == 0


def test_two_commands_at_once_start_one_server(settings):
    urls = []
    threads = [
        threading.Thread(target=lambda: urls.append(server.connect_url(settings))) for _ in range(3)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(urls) == 3
    assert len(set(urls)) == 1


def test_it_outlives_the_command_that_started_it(settings):
    code = (
        "import sys; from pathlib import Path; from etl.settings import Settings;"
        " from etl.warehouse import server;"
        "print(server.connect_url(Settings(home=Path(sys.argv[1]), warehouse=None)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(settings.home)],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
        env={**os.environ, "NPC_OMOP_KEY": "a key that no other process may see"},
    )
    assert answer(done.stdout.strip()) == 0
    if os.path.exists(f"/proc/{pid_of(settings)}/environ"):
        with open(f"/proc/{pid_of(settings)}/environ", "rb") as environment:
            assert b"NPC_OMOP_KEY" not in environment.read()


def test_a_folder_with_something_else_is_refused(settings):
    settings.postgres.mkdir(parents=True)
    (settings.postgres / "thesis.docx").touch()
    with pytest.raises(WarehouseError, match="not empty and no PostgreSQL cluster"):
        server.connect_url(settings)


def at(url, **changed):
    return Settings(warehouse=url, **changed)


@pytest.mark.url
def test_a_url_is_taken_as_it_is(installed):
    assert server.connect_url(at(installed)) == installed


@pytest.mark.url
@pytest.mark.parametrize(
    ("change", "says"),
    [
        (("s3cret%20words", "wr0ng-words"), "refused the password of postgres"),
        (("s3cret%20words@", "@"), "refused the password of postgres"),
        (("/postgres", "/nowhere"), "no database nowhere at"),
        (("127.0.0.1:", "127.0.0.1:1"), "cannot be reached"),
    ],
)
def test_an_unusable_url_is_told_in_one_line_without_the_password(installed, change, says):
    head, _, tail = installed.rpartition(change[0])
    url = f"{head}{change[1]}{tail}"
    if change[0] == "127.0.0.1:":
        url = f"{head}127.0.0.1:1/postgres"
    with pytest.raises(WarehouseError) as error:
        server.connect_url(at(url))
    assert says in str(error.value)
    assert "words" not in str(error.value)
    assert "\n" not in str(error.value)


@pytest.mark.url
def test_an_old_server_is_refused(installed, monkeypatch):
    monkeypatch.setattr(server, "VERSIONS", range(30, 32))
    with pytest.raises(WarehouseError, match="versions 30 to 31 are supported"):
        server.connect_url(at(installed))


@pytest.mark.url
def test_an_unsuitable_database_is_refused(installed):
    with psycopg.connect(installed, autocommit=True) as con:
        con.execute(
            "CREATE DATABASE old ENCODING 'SQL_ASCII' TEMPLATE template0 LC_COLLATE 'C'"
            " LC_CTYPE 'C'"
        )
        con.execute("CREATE ROLE clerk LOGIN PASSWORD 'clerk'")
    with pytest.raises(WarehouseError, match="is encoded in SQL_ASCII"):
        server.connect_url(at(installed.removesuffix("postgres") + "old"))
    clerk = installed.replace("postgres:s3cret%20words", "clerk:clerk")
    with pytest.raises(WarehouseError, match="GRANT CREATE ON DATABASE postgres TO clerk"):
        server.connect_url(at(clerk))


@pytest.mark.parametrize(
    "url",
    [
        "mysql://u:hunter2@h/d",
        "postgresql+psycopg://u:hunter2@h/d",
        "postgresql://u:hunter2@h:x y/d",
    ],
)
def test_something_that_is_no_libpq_url_is_a_usage_error(url):
    with pytest.raises(UsageError) as error:
        server.connect_url(at(url))
    assert "hunter2" not in str(error.value)
