"""From a folder of files to a published CDM, by the command that users type."""

import csv
import json
import random
import shutil
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest

from tests.e2e.hospital import fingerprint, published, run_command

pytestmark = pytest.mark.slow
Home = Callable[[], Path]


@pytest.fixture(scope="module")
def home(messy_hospital: Path, new_home: Home) -> Path:
    made = new_home()
    done = run_command("run", "--source", str(messy_hospital), home=made)
    assert done.returncode == 0, done.stderr
    return made


def test_the_ledger_balances_at_mess_1(home: Path) -> None:
    done = run_command("reconcile", "--json", home=home)
    assert done.returncode == 0, done.stderr
    ledger = json.loads(done.stdout)
    assert ledger["balances"] is True
    assert {account["table"] for account in ledger["accounts"]} >= {"LIS_JG", "HZ_ZSY"}
    assert all(account["missing"] == 0 for account in ledger["accounts"])
    assert all(lake == served for lake, served in ledger["published"].values())


def test_the_ledger_tells_when_published_rows_are_gone(home: Path) -> None:
    url = published(home)
    with psycopg.connect(url) as con:
        row = con.execute("SELECT min(measurement_id) FROM cdm.measurement").fetchone()
        con.execute(
            "CREATE TABLE public.kept AS SELECT * FROM cdm.measurement WHERE measurement_id = %s",
            row,
        )
        con.execute("DELETE FROM cdm.measurement WHERE measurement_id = %s", row)
    try:
        done = run_command("reconcile", home=home)
        assert done.returncode == 10
        assert "cdm.measurement" in done.stderr
    finally:
        with psycopg.connect(url) as con:
            con.execute("INSERT INTO cdm.measurement SELECT * FROM public.kept")
            con.execute("DROP TABLE public.kept")


def test_all_39_tables_exist_and_every_foreign_key_is_checked(home: Path) -> None:
    with psycopg.connect(published(home)) as con:
        tables = con.execute(
            "SELECT table_schema, count(*) FROM information_schema.tables"
            " WHERE table_schema IN ('cdm', 'results') GROUP BY table_schema"
        ).fetchall()
        unchecked = con.execute(
            "SELECT count(*) FROM pg_constraint WHERE contype = 'f' AND NOT convalidated"
        ).fetchone()
        keys = con.execute(
            "SELECT count(*) FROM pg_constraint c JOIN pg_namespace n ON n.oid = c.connamespace"
            " WHERE n.nspname = 'cdm' AND c.contype = 'f'"
        ).fetchone()
    assert dict(tables) == {"cdm": 37, "results": 2}
    assert unchecked == (0,)
    assert keys is not None
    assert keys[0] > 100


def test_a_second_run_changes_no_byte_and_no_id(home: Path, messy_hospital: Path) -> None:
    before = fingerprint(published(home))
    done = run_command("run", "--source", str(messy_hospital), home=home)
    assert done.returncode == 0, done.stderr
    assert fingerprint(published(home)) == before


def test_the_order_of_rows_in_the_files_does_not_matter(
    home: Path, messy_hospital: Path, new_home: Home, tmp_path: Path
) -> None:
    shuffled = tmp_path / "打乱"
    shutil.copytree(messy_hospital, shuffled)
    shuffle_records(shuffled / "YZ_YZJL.csv")
    shuffle_records(shuffled / "LIS_JG.csv")
    shuffle_records(shuffled / "HZ_ZSY.csv")
    other = new_home()
    done = run_command("run", "--source", str(shuffled), home=other)
    assert done.returncode == 0, done.stderr
    here, there = fingerprint(published(home)), fingerprint(published(other))
    # metadata records the files' digests, which differ by design
    del here["metadata"], there["metadata"]
    assert here == there


def shuffle_records(path: Path) -> None:
    """Shuffle a CSV file's records, bytes untouched; a quoted line break ends no record."""
    data = path.read_bytes()
    records, start, quoted = [], 0, False
    for place, byte in enumerate(data):
        if byte == 0x22:
            quoted = not quoted
        elif byte == 0x0A and not quoted:
            records.append(data[start : place + 1])
            start = place + 1
    header, *body = records
    random.Random(3).shuffle(body)
    path.write_bytes(b"".join([header, *body]))


def test_a_measurement_is_traced_to_its_file_and_record(home: Path) -> None:
    with psycopg.connect(published(home)) as con:
        row = con.execute(
            "SELECT measurement_id FROM cdm.measurement WHERE measurement_type_concept_id = 32856"
            " ORDER BY 1 LIMIT 1"
        ).fetchone()
    assert row is not None
    done = run_command("trace", "measurement", str(row[0]), "--json", home=home)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert found["stage"]["table"] == "stage.lab_result"
    assert found["source"][0]["table"] == "LIS_JG"
    assert found["source"][0]["file"].startswith("LIS_JG")
    assert found["source"][0]["record"] >= 1


def test_an_unknown_id_is_one_line_and_exit_11(home: Path) -> None:
    for words in (
        ("trace", "measurement", "12345"),
        ("trace", "person_table", "1"),
        ("explain", "--hospital-id", "EH000000000"),
    ):
        done = run_command(*words, home=home)
        assert done.returncode == 11, done.stderr
        assert done.stderr.startswith("error: ")
        assert done.stderr.count("\n") == 1
        assert "EH000000000" not in done.stderr


def test_nothing_personal_is_said_while_it_runs(messy_hospital: Path, new_home: Home) -> None:
    index = messy_hospital / "HZ_ZSY.csv"
    raw = index.read_bytes()
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = raw.decode(encoding)
            break
        except UnicodeDecodeError:
            continue
    rows = list(csv.DictReader(text.replace("\0", "").splitlines()))
    done = run_command("run", "--source", str(messy_hospital), home=new_home())
    said = done.stdout + done.stderr
    assert done.returncode == 0
    for row in rows:
        for column in ("EMPI_ID", "HZID", "XM", "SFZH", "LXDH"):
            value = (row[column] or "").strip()
            assert len(value) < 3 or value not in said


@pytest.mark.parametrize("column", ["empi_id", "hzids"])
def test_explain_answers_by_any_hospital_id(home: Path, messy_hospital: Path, column: str) -> None:
    with (messy_hospital / "_truth" / "patient.csv").open(encoding="utf-8") as file:
        known = next(csv.DictReader(file))[column].split("|")[0]
    done = run_command("explain", "--hospital-id", known, "--json", home=home)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert found["eligible"] in ("yes", "no", "review")
    assert {"p1", "p2"} <= set(found["criteria"])
    assert found["criteria"]["p1"]["answer"] in ("met", "not met", "unknown")


def test_a_wrong_folder_is_one_line_and_nothing_is_landed(new_home: Home, tmp_path: Path) -> None:
    other = new_home()
    done = run_command("run", "--source", str(tmp_path / "没有"), home=other)
    assert done.returncode == 3
    assert done.stderr.splitlines()[-1].startswith("error: ")
    assert not (other / "landing" / "ledger.json").exists()


def test_rollback_brings_the_previous_cdm_and_a_second_one_undoes_it(
    home: Path, messy_hospital: Path, tmp_path: Path
) -> None:
    first = fingerprint(published(home))
    fewer = tmp_path / "increment"
    fewer.mkdir()
    shutil.copy(messy_hospital / "GENERATED.json", fewer)
    visits = (messy_hospital / "SS_MZ.csv").read_bytes().splitlines(keepends=True)
    last = visits[-1].replace(b",3\n", b",2\n")
    (fewer / "SS_MZ.csv").write_bytes(visits[0] + last)
    done = run_command("run", "--source", str(fewer), home=home)
    assert done.returncode == 0, done.stderr
    second = fingerprint(published(home))
    assert second != first
    assert run_command("rollback", home=home).returncode == 0
    assert fingerprint(published(home)) == first
    assert run_command("rollback", home=home).returncode == 0
    assert fingerprint(published(home)) == second
