"""What the cohort says of invented patients is what is true of them, under every kind of mess."""

import csv
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest

from etl.settings import Settings
from etl.source.pseudonym import pseudonym, read_key
from etl.synthetic.generate import generate
from tests.e2e.hospital import published, run_command

pytestmark = pytest.mark.slow

# What structured data alone must get right. A patient whose metastasis is only a code or a possible
# finding needs the text (p1), and so does a checkpoint inhibitor given elsewhere (e1).
STRUCTURED = ("p2", "i1", "i2", "i6", "e3")
NEEDS_TEXT = ("p1_code_only", "p1_possible_only", "e1_elsewhere")

Answers = dict[tuple[str, str], str]


@pytest.fixture(scope="module")
def answers(
    tmp_path_factory: pytest.TempPathFactory, new_home: Callable[[], Path]
) -> tuple[list[dict[str, str]], Answers, dict[str, str]]:
    """The truth by patient; the study's answers by EMPI_ID and criterion; its index dates."""
    source = tmp_path_factory.mktemp("source") / "hospital"
    generate(600, 11, source, mess=1.0)
    home = new_home()
    done = run_command("run", "--source", str(source), home=home)
    assert done.returncode == 0, done.stderr
    settings = Settings(home=home)
    key = read_key(settings, generated=True)
    with (source / "_truth" / "patient.csv").open(encoding="utf-8") as file:
        truth = list(csv.DictReader(file))
    persons = persons_of(settings)
    with psycopg.connect(published(home)) as con:
        found = {
            (person, criterion): answer
            for person, criterion, answer in con.execute(
                "SELECT person_id, criterion, answer FROM study.npc_lung_pd1_criterion"
            )
        }
        dates = dict(con.execute("SELECT person_id, index_on FROM study.npc_lung_pd1_candidate"))
    by_empi: Answers = {}
    index: dict[str, str] = {}
    for patient in truth:
        person = persons.get(pseudonym(key, patient["empi_id"]))
        index[patient["empi_id"]] = str(dates.get(person) or "")
        for criterion in STRUCTURED:
            by_empi[patient["empi_id"], criterion] = found.get((person, criterion), "")
    return truth, by_empi, index


def persons_of(settings: Settings) -> dict[str, int]:
    """Person by the pseudonym of the master index id."""
    from etl.run import contracts_of, open_lake

    con = open_lake(settings, contracts_of(settings))
    rows = con.execute(
        "SELECT id_hmac, person_id FROM stage.identity WHERE id_kind = 'empi'"
    ).fetchall()
    con.close()
    return dict(rows)


def in_reach(patient: dict[str, str]) -> bool:
    """Whether structured data can know this patient's answers."""
    return not any(rule in patient["violations"] for rule in NEEDS_TEXT)


def test_the_index_date_is_the_true_one(
    answers: tuple[list[dict[str, str]], Answers, dict[str, str]],
) -> None:
    truth, _, index = answers
    reached = [p for p in truth if in_reach(p) and p["index_date"]]
    assert len(reached) >= 10
    wrong = [p["violations"] for p in reached if index[p["empi_id"]] != p["index_date"]]
    assert wrong == []


@pytest.mark.parametrize("criterion", STRUCTURED[1:])
def test_a_structured_criterion_is_answered_as_it_is(
    answers: tuple[list[dict[str, str]], Answers, dict[str, str]], criterion: str
) -> None:
    truth, by_empi, _ = answers
    reached = [p for p in truth if in_reach(p) and p["index_date"] and p[criterion]]
    assert len(reached) >= 10
    wrong = [
        (p["violations"], p[criterion], by_empi[p["empi_id"], criterion])
        for p in reached
        if by_empi[p["empi_id"], criterion] != p[criterion].replace("_", " ")
    ]
    assert wrong == []


def test_nobody_outside_the_population_gets_an_index_date(
    answers: tuple[list[dict[str, str]], Answers, dict[str, str]],
) -> None:
    truth, _, index = answers
    extra = [
        p["kind"] for p in truth if in_reach(p) and not p["index_date"] and index[p["empi_id"]]
    ]
    assert extra == []
