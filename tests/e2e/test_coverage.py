"""What mappers see after a run: coverage and its bars, the way to Usagi, errors in one line."""

import csv
import json
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest

from tests.e2e.hospital import published, run_command

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def home(messy_hospital: Path, new_home: Callable[[], Path]) -> Path:
    made = new_home()
    done = run_command("run", "--source", str(messy_hospital), home=made)
    assert done.returncode == 0, done.stderr
    return made


def test_the_generated_hospital_reaches_the_bars(home: Path) -> None:
    done = run_command("coverage", "--json", home=home)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert found["all"]["mapped_share"] >= 0.97
    assert found["study"]["mapped_share"] >= 0.995
    assert found["codelist_codes"]["not_mapped"] == []
    assert found["codelist_codes"]["codes"] >= 30


def test_coverage_is_a_table_for_people(home: Path) -> None:
    done = run_command("coverage", home=home)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("vocabulary")
    assert "the study's domains" in done.stdout


def test_the_warehouse_keeps_the_coverage_of_the_load(home: Path) -> None:
    found = json.loads(run_command("coverage", "--json", home=home).stdout)
    with psycopg.connect(published(home)) as con:
        rows = con.execute("SELECT count(*), sum(rows) FROM quality.coverage").fetchone()
    assert rows == (len(found["coverage"]), found["all"]["rows"])


def test_usagis_form_holds_the_codes_on_local_concepts(home: Path, tmp_path: Path) -> None:
    file = tmp_path / "for_usagi.csv"
    done = run_command("unmapped", "--usagi", str(file), home=home)
    assert done.returncode == 0, done.stderr
    with file.open(encoding="utf-8", newline="") as text:
        lines = list(csv.DictReader(text))
    assert "npc_icd10:Z51.1" in {line["source_code"] for line in lines}
    counts = [int(line["source_frequency"]) for line in lines]
    assert counts == sorted(counts, reverse=True)


def test_what_cannot_be_taken_from_usagi_is_one_line(home: Path, tmp_path: Path) -> None:
    file = tmp_path / "reviewed.csv"
    file.write_text(
        "sourceCode,sourceName,mappingStatus,equivalence,statusSetBy,statusSetOn,conceptId,"
        "conceptName\nnpc_icd10:E87.6,低钾血症,APPROVED,EQUAL,li,1780000000000,1,Hypokalemia\n",
        encoding="utf-8",
    )
    done = run_command("mappings", "import-usagi", str(file), home=home)
    assert done.returncode == 4
    (line,) = [line for line in done.stderr.splitlines() if line.startswith("error:")]
    assert "reviewed.csv line 2 column conceptId: 1 is not in the loaded vocabulary" in line
