"""`npc-omop cohort` and `npc-omop explain` as users type them, on a run of the messy hospital."""

import csv
import json
import shutil
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import psycopg
import pytest

from etl.study.definition import NPC_LUNG_PD1, Study
from tests.e2e.hospital import published, run_command

pytestmark = pytest.mark.slow
HEAD = "patient,criterion,decision,reason,reviewer_code,decided_on"


@pytest.fixture(scope="module")
def home(messy_hospital: Path, new_home: Callable[[], Path]) -> Path:
    made = new_home()
    done = run_command("run", "--source", str(messy_hospital), home=made)
    assert done.returncode == 0, done.stderr
    return made


def rows(home: Path, query: str) -> list[tuple[Any, ...]]:
    with psycopg.connect(published(home)) as con:
        return con.execute(query).fetchall()


def test_a_run_builds_the_cohort_and_the_summary_shows_its_attrition(home: Path) -> None:
    summary = json.loads((home / "lake" / "run.json").read_text(encoding="utf-8"))
    counted = rows(
        home,
        "SELECT criterion, entering, met, not_met, unknown, remaining"
        " FROM study.npc_lung_pd1_attrition ORDER BY criterion_no",
    )
    assert [tuple(line) for line in summary["attrition"]] == counted
    assert counted[0][1] > 5
    assert not (home / "lake" / "study").exists()


def test_the_codelists_in_the_warehouse_are_those_of_the_lake(home: Path) -> None:
    import duckdb

    lake = duckdb.sql(
        "SELECT codelist, concept_id, name, code FROM"
        f" read_parquet('{home}/lake/vocabulary/codelist.parquet')"
    ).fetchall()
    served = rows(home, "SELECT codelist, concept_id, name, code FROM vocabulary.codelist")
    assert sorted(map(repr, lake)) == sorted(map(repr, served))


def test_duckdb_and_postgresql_give_the_same_rows_of_every_table(home: Path) -> None:
    import duckdb

    study = Study()
    with duckdb.connect() as con:
        for layer in ("cdm", "vocabulary"):
            con.execute(f"CREATE SCHEMA {layer}")
            for path in (home / "lake" / layer).glob("*.parquet"):
                con.execute(f"CREATE VIEW {layer}.{path.stem} AS FROM read_parquet('{path}')")
        con.execute("CREATE SCHEMA study; CREATE SCHEMA results")
        for step in study.steps:
            con.execute(f"CREATE TABLE {step.table} AS {step.sql}")
            there = f"study.{study.table(step)}" if step.layer == "study" else step.table
            here = con.execute(f"SELECT * FROM {step.table}").fetchall()
            assert plain(here) == plain(rows(home, f"SELECT * FROM {there}")), step.table


def plain(found: list[tuple[Any, ...]]) -> list[str]:
    """Rows in any order, numbers to six digits, whatever their type."""
    return sorted(
        repr([round(float(v), 6) if isinstance(v, (float, Decimal)) else v for v in row])
        for row in found
    )


def test_building_again_changes_no_answer(home: Path) -> None:
    query = "SELECT * FROM study.npc_lung_pd1_evidence ORDER BY 1, 2, 6, 8, 9, 5"
    before = rows(home, query)
    done = run_command("cohort", "--json", home=home)
    assert done.returncode == 0, done.stderr
    built = json.loads(done.stdout)
    assert built["study"] == "npc_lung_pd1"
    assert built["attrition"][0]["criterion"] == "p1"
    assert built["rows"]["study.npc_lung_pd1_evidence"] == len(before)
    assert rows(home, query) == before
    assert run_command("cohort", "--check", home=home).returncode == 0


def test_an_analyst_changes_a_number_and_builds_again(home: Path, tmp_path: Path) -> None:
    folder = tmp_path / "mine"
    shutil.copytree(NPC_LUNG_PD1, folder)
    settings = folder / "settings.yaml"
    text = settings.read_text(encoding="utf-8")
    settings.write_text(text.replace("min_age_years: 18", "min_age_years: 130"), encoding="utf-8")
    done = run_command("cohort", "--study", str(folder), "--check", home=home)
    assert done.returncode == 14
    assert "SQL, settings or codelists changed" in done.stderr
    try:
        done = run_command("cohort", "--study", str(folder), home=home)
        assert done.returncode == 0, done.stderr
        (i1,) = [line.split() for line in done.stdout.splitlines() if line.startswith("i1 ")]
        assert i1[1] == i1[3] != "0"  # all who enter are too young
        person = rows(home, "SELECT min(person_id) FROM study.npc_lung_pd1_candidate")[0][0]
        done = run_command("explain", str(person), home=home)
        assert "note: the cohort of study npc_lung_pd1 is stale" in done.stderr
    finally:
        assert run_command("cohort", home=home).returncode == 0


def test_a_second_study_lives_beside_the_first(home: Path, tmp_path: Path) -> None:
    folder = tmp_path / "toy"
    (folder / "study").mkdir(parents=True)
    (folder / "settings.yaml").write_text("born_before: 1970\n", encoding="utf-8")
    (folder / "study" / "toy.sql").write_text(
        "-- One row per person born before a year.\nSELECT person.person_id\n"
        "FROM cdm.person AS person CROSS JOIN study.setting AS setting\n"
        "WHERE person.year_of_birth < setting.born_before\n",
        encoding="utf-8",
    )
    done = run_command("cohort", "--study", str(folder), home=home)
    assert done.returncode == 0, done.stderr
    assert "study.toy: " in done.stdout
    assert run_command("cohort", "--study", str(folder), "--check", home=home).returncode == 0
    assert run_command("cohort", "--check", home=home).returncode == 0


def test_signed_decisions_settle_unknowns_and_are_kept_for_the_next_run(
    home: Path, messy_hospital: Path, tmp_path: Path
) -> None:
    waiting = rows(
        home,
        "SELECT person_id, criterion FROM study.npc_lung_pd1_criterion WHERE answer = 'unknown'"
        " ORDER BY 1, criterion_no LIMIT 1",
    )
    if not waiting:
        pytest.fail("the messy hospital has nobody to review: choose another seed")
    ((person, criterion),) = waiting
    path = tmp_path / "decisions.csv"
    path.write_text(f"{HEAD}\n{person},{criterion},met,读过病历,R01,2024-01-02\n", encoding="utf-8")
    answer = (
        "SELECT answer FROM study.npc_lung_pd1_criterion"
        f" WHERE person_id = {person} AND criterion = '{criterion}'"
    )
    done = run_command("cohort", "--review", str(path), home=home)
    assert done.returncode == 0, done.stderr
    assert rows(home, answer) == [("met",)]
    path.unlink()
    done = run_command("run", "--source", str(messy_hospital), home=home)
    assert done.returncode == 0, done.stderr
    assert rows(home, answer) == [("met",)]
    assert run_command("cohort", "--check", home=home).returncode == 0
    path.write_text(f"{HEAD}\n", encoding="utf-8")
    assert run_command("cohort", "--review", str(path), home=home).returncode == 0
    assert rows(home, answer) == [("unknown",)]


def test_a_wrong_review_line_is_one_line_and_changes_nothing(home: Path, tmp_path: Path) -> None:
    before = rows(home, "TABLE study.npc_lung_pd1_run")
    path = tmp_path / "decisions.csv"
    for line, column in (
        ("999999999,e9,met,why,R01,2024-01-02", "patient"),
        ("0123456789abcdef0123456789abcdef,e9,met,why,R01,2024-01-02", "patient"),
        ("1,x1,met,why,R01,2024-01-02", "criterion"),
        ("1,e9,met,why,R01,2999-01-02", "decided_on"),
    ):
        path.write_text(f"{HEAD}\n{line}\n", encoding="utf-8")
        done = run_command("cohort", "--review", str(path), home=home)
        assert done.returncode == 15
        assert done.stderr.startswith(f"error: decisions.csv line 2 column {column}: ")
        assert done.stderr.count("\n") == 1
    assert rows(home, "TABLE study.npc_lung_pd1_run") == before


def test_explain_takes_a_person_as_well_as_a_hospital_id(home: Path, messy_hospital: Path) -> None:
    with (messy_hospital / "_truth" / "patient.csv").open(encoding="utf-8") as file:
        known = [patient["empi_id"] for patient in csv.DictReader(file) if patient["index_date"]]
    by_id = run_command("explain", "--hospital-id", known[0], "--json", home=home)
    assert by_id.returncode == 0, by_id.stderr
    found = json.loads(by_id.stdout)
    by_person = run_command("explain", str(found["person_id"]), "--json", home=home)
    assert json.loads(by_person.stdout) == found
    text = run_command("explain", str(found["person_id"]), home=home).stdout
    assert "  diagnosis     " in text
    assert ("  INDEX         " in text) is (found["index_date"] is not None)
    for words in ((), ("1", "--hospital-id", known[0])):
        assert run_command("explain", *words, home=home).returncode == 2
    assert run_command("explain", "999999999", home=home).returncode == 11


def test_what_a_text_says_stands_in_its_note_where_explain_says(home: Path) -> None:
    persons = rows(home, "SELECT person_id FROM study.npc_lung_pd1_candidate ORDER BY 1")
    texts = dict(rows(home, "SELECT note_id, note_text FROM cdm.note"))
    quoted = 0
    for (person,) in persons:
        done = run_command("explain", str(person), "--json", home=home)
        for criterion in json.loads(done.stdout)["criteria"].values():
            for note in [e["note"] for e in criterion["evidence"] if "note" in e]:
                assert texts[note["id"]][note["start"] : note["end"]] == note["text"]
                quoted += 1
        if quoted > 20:
            break
    assert quoted > 0


def test_the_analysis_set_is_handed_out(home: Path, tmp_path: Path) -> None:
    out = tmp_path / "analysis"
    done = run_command("cohort", "export", "--out", str(out), "--json", home=home)
    assert done.returncode == 0, done.stderr
    written = json.loads(done.stdout)
    assert {f"{table}.csv" for table in written} <= {path.name for path in out.iterdir()}
    with (out / "data_dictionary.csv").open(encoding="utf-8-sig", newline="") as file:
        lines = list(csv.DictReader(file))
    assert {line["table"] for line in lines} == set(written)
    assert [line for line in lines if not line["meaning"]] == []
    assert run_command("cohort", "export", "--out", str(out), home=home).returncode == 2


def test_a_folder_without_a_study_is_a_usage_error(home: Path, tmp_path: Path) -> None:
    done = run_command("cohort", "--study", str(tmp_path), home=home)
    assert done.returncode == 2
    assert "no study here" in done.stderr
