"""The signed review file: it settles an unknown, never a known answer (e9 is nothing but a line)."""

import pytest

LINE = "person_id | criterion | decision | reason | reviewer_code | decided_on\n"


@pytest.fixture
def line(given):
    """Give one review line: `line("i3", "met")`."""

    def give(criterion, decision, person=1, day="2024-02-01"):
        given(
            "study.review_decision",
            LINE + f"{person} | {criterion} | {decision} | slide seen | R7 | {day}",
        )

    return give


def answer_of(specification, criterion):
    specification.run("study.npc_lung_pd1_criterion")
    return specification.con.execute(
        "SELECT answer, value, is_failed FROM study.npc_lung_pd1_criterion WHERE criterion = ?",
        [criterion],
    ).fetchone()


@pytest.mark.parametrize(("decision", "fails"), [("met", False), ("not met", True)])
def test_a_line_settles_an_unknown(specification, index_patient, line, decision, fails):
    line("i3", decision)
    answer, value, is_failed = answer_of(specification, "i3")
    assert (answer, is_failed) == (decision, fails)
    assert value.startswith("review by R7: slide seen (record: ")


def test_a_line_never_overrides_a_known_answer(expect, specification, index_patient, line):
    line("i1", "not met")
    assert answer_of(specification, "i1")[0] == "met"
    expect(
        "study.npc_lung_pd1_review_conflict",
        """
        person_id | criterion | decision | answer | reviewer_code | conflict
        1         | i1        | not met  | met    | R7            | the record answers otherwise
        """,
    )


def test_a_line_that_agrees_is_no_conflict(expect, index_patient, line):
    line("i1", "met")
    expect("study.npc_lung_pd1_review_conflict", "person_id")


def test_a_line_for_somebody_without_that_criterion_is_shown(expect, index_patient, line):
    line("i3", "met", person=2)
    expect(
        "study.npc_lung_pd1_review_conflict",
        """
        person_id | criterion | answer | conflict
        2         | i3        | -      | no such criterion for this patient
        """,
    )


@pytest.mark.parametrize(
    ("decision", "answer"), [("met", "met"), ("not met", "not met"), (None, "not met")]
)
def test_unsuitable_is_what_a_line_says(expect, index_patient, line, decision, answer):
    if decision:
        line("e9", decision)
    else:
        line("i3", "met")
    expect("study.criterion_e9", f"answer\n{answer}")


def test_unsuitable_excludes_without_a_conflict(expect, specification, index_patient, line):
    line("e9", "met")
    assert answer_of(specification, "e9") == ("met", "R7: slide seen", True)
    expect("study.npc_lung_pd1_review_conflict", "person_id")


def test_a_used_line_is_evidence(given, specification, index_patient):
    given(
        "study.review_decision",
        LINE
        + """
        1 | i3 | met     | slide seen | R7 | 2024-02-01
        1 | i1 | not met | slide seen | R7 | 2024-02-01
        """,
    )
    specification.run("study.npc_lung_pd1_evidence")
    found = specification.con.execute(
        "SELECT criterion, answer, value, CAST(found_on AS VARCHAR) FROM study.npc_lung_pd1_evidence"
        " WHERE cdm_table = 'review_decision'"
    ).fetchall()
    assert found == [("i3", "met", "met, R7: slide seen", "2024-02-01")]


def test_a_metastasis_that_a_reviewer_denies_leaves_two_answers(
    given, specification, index_patient, line
):
    specification.con.execute("DELETE FROM cdm.measurement")
    given("cdm.note", "note_id | person_id | note_date\n500 | 1 | 2023-01-10")
    given(
        "cdm.note_nlp",
        """
        note_nlp_id | note_id | note_nlp_concept_id | nlp_date   | term_exists | term_modifiers
        500         | 500     | 36770283            | 2023-01-10 | Y           | finding=nodule certainty=possible
        """,
    )
    line("p1", "not met")
    specification.run("study.npc_lung_pd1_criterion")
    found = specification.con.execute(
        "SELECT criterion, answer FROM study.npc_lung_pd1_criterion ORDER BY criterion_no"
    ).fetchall()
    assert found == [("p1", "not met"), ("p2", "met")]
