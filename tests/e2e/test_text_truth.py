"""What a load reads in the texts of an invented hospital is what was planted there."""

from pathlib import Path

import pytest

from etl.synthetic import bank
from etl.synthetic.generate import generate
from tests.corpus.near_miss import hospitals, texts
from tests.corpus.planted import judge, read, table
from tests.corpus.planted_match import Answer, compare

pytestmark = pytest.mark.slow

BAR = 0.99
PATIENTS, SEED, NEAR_MISSES = 600, 5, 12
# What the study needs from texts; each must be planted often enough to be judged.
NEEDED = (
    "imaging finding", "imaging finding: size_mm", "imaging finding: trend",
    "pathology diagnosis", "pathology specimen", "pathology marker",
    "note kps", "note ecog", "note response", "note tnm", "note stage", "note radiotherapy",
    "note systemic_therapy", "note adverse_event", "note cns_symptom", "note trial",
    "follow_up death", "follow_up progression", "follow_up recurrence",
)  # fmt: skip


@pytest.fixture(scope="module")
def answer(tmp_path_factory: pytest.TempPathFactory) -> Answer:
    source = tmp_path_factory.mktemp("source") / "hospital"
    generate(PATIENTS, SEED, source, mess=1.0)
    home: Path = tmp_path_factory.mktemp("home")
    judged = judge(source, home)
    print(f"\n{table(judged)}")
    return judged


def reaches_the_bar(answer: Answer) -> None:
    below = {
        name: (round(count.precision, 4), round(count.recall, 4))
        for name, count in answer.counts.items()
        if min(count.precision, count.recall) < BAR
    }
    assert below == {}, "\n".join(line[:400] for line in answer.errors[:40])


def test_every_kind_of_fact_reaches_the_bar(answer: Answer) -> None:
    reaches_the_bar(answer)


def test_the_texts_of_near_misses_are_read() -> None:
    """A hospital has few patients of each rule; what decides theirs must not be missed."""
    answer = Answer()
    given, planted = [], []
    for rule in bank.violations():
        for hospital in hospitals(rule, NEAR_MISSES):
            for text in texts(hospital):
                given.append(text)
                planted.append([row for row in hospital.text_facts.rows if row["key"] == text.key])
    for text, facts, found in zip(given, planted, read(given), strict=True):
        compare(text.kind, text.text, list(facts), found, answer)
    print(f"\n{table(answer)}")
    reaches_the_bar(answer)


def test_every_kind_that_the_study_needs_is_planted(answer: Answer) -> None:
    assert [name for name in NEEDED if answer.counts[name].right < 3] == []


def test_hardly_a_text_is_left_unread(answer: Answer) -> None:
    """Rows in quarantine (an impossible day, a discharge before the admission) are not read."""
    assert answer.unread <= 0.01 * answer.texts
