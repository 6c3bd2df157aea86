"""Verdict, evidence, attrition, review list and cohort."""

import pytest

ANSWER = "person_id | criterion_no | criterion | answer | value | is_failed\n"


@pytest.mark.parametrize(
    ("answers", "eligible"),
    [
        ({"p1": "met", "p2": "met", "i1": "met", "e1": "not met"}, "yes"),
        ({"p1": "met", "p2": "met", "i1": "unknown", "e1": "not met"}, "review"),
        ({"p1": "met", "p2": "met", "i1": "met", "e1": "unknown"}, "review"),
        ({"p1": "met", "p2": "met", "i1": "not met", "e1": "unknown"}, "no"),
        ({"p1": "met", "p2": "met", "i1": "unknown", "e1": "met"}, "no"),
        ({"p1": "not met", "p2": "not met"}, "no"),
    ],
)
def test_a_known_failure_says_no_even_beside_unknowns(given, expect, answers, eligible):
    numbers = {"p1": 1, "p2": 2, "i1": 3, "e1": 9}
    rows = [
        f"1 | {numbers[c]} | {c} | {a} | x | {a == ('met' if c == 'e1' else 'not met')}"
        for c, a in answers.items()
    ]
    given("study.npc_lung_pd1_criterion", ANSWER + "\n".join(rows))
    expect("study.npc_lung_pd1_candidate", f"person_id | eligible\n1 | {eligible}")


def test_an_index_patient_with_nothing_else_on_record_goes_to_review(expect, index_patient):
    expect(
        "study.npc_lung_pd1_candidate",
        """
        person_id | eligible | index_on   | arm   | first_pd1   | first_chemotherapy_on | chemotherapy           | failed_criteria | unknown_criteria
        1         | review   | 2023-03-01 | no RT | toripalimab | 2023-03-01            | cisplatin, gemcitabine | -               | i2, i3, i4, i5, i6
        """,
    )
    expect("study.npc_lung_pd1", "person_id")


def test_whoever_fails_the_population_has_two_answers_only(given, expect):
    given(
        "cdm.condition_occurrence",
        """
        person_id | condition_occurrence_id | condition_concept_id | condition_start_date
        1         | 11                      | 36684473             | 2020-05-04
        """,
    )
    expect(
        "study.npc_lung_pd1_criterion",
        """
        person_id | criterion | answer  | value                                | date_precision
        1         | p1        | not met | no thoracic metastasis               | -
        1         | p2        | not met | no thoracic metastasis to count from | -
        """,
    )
    expect("study.npc_lung_pd1_candidate", "person_id | eligible | index_on\n1 | no | -")


def test_every_criterion_is_answered_for_an_index_patient(index_patient, specification):
    specification.run("study.npc_lung_pd1_criterion")
    assert specification.con.execute(
        "SELECT string_agg(criterion, ' ' ORDER BY criterion_no) FROM study.npc_lung_pd1_criterion"
    ).fetchone() == ("p1 p2 i1 i2 i3 i4 i5 i6 e1 e2 e3 e4 e5 e6 e7 e8 e9",)


def test_evidence_names_the_rows_of_the_cdm(given, expect, specification, index_patient):
    given(
        "cdm.measurement",
        """
        person_id | measurement_id | measurement_concept_id | measurement_date | value_as_number
        1         | 21             | 36303287               | 2023-02-27       | 80
        """,
    )
    specification.run("study.npc_lung_pd1_evidence")
    specification.con.execute(
        "CREATE TABLE study.known AS SELECT * FROM study.npc_lung_pd1_evidence"
        " WHERE criterion IN ('p1', 'p2', 'i1', 'i2', 'i3')"
    )
    found = specification.con.execute(
        "SELECT criterion, answer, value, CAST(found_on AS VARCHAR), date_precision, cdm_table,"
        " cdm_id, concept_name FROM study.known ORDER BY criterion_no, cdm_id"
    ).fetchall()
    assert found == [
        ("p1", "met", "diagnosis", "2020-05-04", "day", "condition_occurrence", 11,
         "Primary malignant neoplasm of nasopharynx"),
        ("p1", "met", "by imaging", "2023-01-10", "day", "measurement", 12, "Metastasis to lung"),
        ("p2", "met", "toripalimab", "2023-03-01", "day", "drug_exposure", 13, "toripalimab"),
        ("p2", "met", "gemcitabine", "2023-03-01", "day", "drug_exposure", 14, "gemcitabine"),
        ("i1", "met", "birth", "1970-06-01", "month", "person", 1, None),
        ("i2", "met", "KPS 80", "2023-02-27", "day", "measurement", 21,
         "Karnofsky Performance Status score"),
        ("i3", "unknown", "no histology on or before the index date", None, None, None, None, None),
    ]  # fmt: skip


def test_organ_function_evidence_names_the_weight_it_used(given, specification, index_patient):
    given(
        "cdm.measurement",
        """
        person_id | measurement_id | measurement_concept_id | measurement_date | value_as_number | unit_concept_id
        1         | 21             | 3020564                | 2023-02-27       | 150             | 8749
        1         | 22             | 3025315                | 2023-02-27       | 80              | 9529
        """,
    )
    specification.run("study.npc_lung_pd1_evidence")
    found = specification.con.execute(
        "SELECT cdm_id, value FROM study.npc_lung_pd1_evidence WHERE criterion = 'i6' ORDER BY 1"
    ).fetchall()
    assert found == [
        (21, "creatinine met: 150.00 umol/L, at most 145.50, clearance 57.62 mL/min"),
        (22, "weight 80.0 kg"),
    ]


def test_attrition_counts_a_failure_once_and_lets_unknowns_pass(given, specification):
    given(
        "study.npc_lung_pd1_criterion",
        ANSWER
        + """
        1 | 1 | p1 | not met | x | true
        1 | 2 | p2 | not met | x | true
        2 | 1 | p1 | met     | x | false
        2 | 2 | p2 | met     | x | false
        2 | 3 | i1 | not met | x | true
        2 | 9 | e1 | met     | x | true
        3 | 1 | p1 | met     | x | false
        3 | 2 | p2 | met     | x | false
        3 | 3 | i1 | unknown | x | false
        3 | 9 | e1 | not met | x | false
        4 | 1 | p1 | met     | x | false
        4 | 2 | p2 | met     | x | false
        4 | 3 | i1 | met     | x | false
        4 | 9 | e1 | not met | x | false
        """,
    )
    specification.run("study.npc_lung_pd1_attrition")
    found = specification.con.execute(
        "SELECT criterion, entering, met, not_met, unknown, remaining, resolved"
        " FROM study.npc_lung_pd1_attrition WHERE criterion IN ('p1', 'p2', 'i1', 'e1')"
        " ORDER BY criterion_no"
    ).fetchall()
    assert found == [
        ("p1", 4, 3, 1, 0, 3, 3),
        ("p2", 3, 3, 0, 0, 3, 3),
        ("i1", 3, 1, 1, 1, 2, 1),
        ("e1", 2, 0, 2, 0, 2, 1),
    ]


def test_the_review_list_says_what_is_missing(given, expect):
    given(
        "study.npc_lung_pd1_criterion",
        ANSWER
        + """
        1 | 3 | i1 | unknown | 17 or 18 years | false
        1 | 5 | i3 | unknown | needs text     | false
        2 | 3 | i1 | not met | 16 years       | true
        2 | 5 | i3 | unknown | needs text     | false
        """,
    )
    given("study.index_event", "person_id | index_on\n1 | 2023-03-01\n2 | 2023-03-01")
    expect(
        "study.npc_lung_pd1_review",
        """
        person_id | index_on   | unknown_criteria | unknown_count | missing
        1         | 2023-03-01 | i1, i3           | 2             | i1: 17 or 18 years; i3: needs text
        """,
    )


@pytest.fixture
def eligible(given):
    """Persons 1 and 2 are eligible; person 2 has died, in no observation period."""
    given(
        "study.npc_lung_pd1",
        """
        person_id | index_on   | last_contact_on | died_on
        1         | 2023-03-01 | 2023-09-30      | -
        2         | 2023-03-01 | 2023-09-30      | 2023-08-31
        """,
    )


def test_the_cohort_ends_at_death_or_last_contact(given, expect, eligible):
    given(
        "cdm.observation_period",
        """
        person_id | observation_period_start_date | observation_period_end_date
        1         | 2020-01-01                    | 2023-03-01
        2         | 2023-03-01                    | 2023-12-31
        """,
    )
    expect(
        "results.cohort",
        """
        cohort_definition_id | subject_id | cohort_start_date | cohort_end_date
        1                    | 1          | 2023-03-01        | 2023-09-30
        1                    | 2          | 2023-03-01        | 2023-08-31
        """,
    )


def test_an_index_outside_every_observation_period_is_not_in_the_cohort(given, expect, eligible):
    given(
        "cdm.observation_period",
        """
        person_id | observation_period_start_date | observation_period_end_date
        1         | 2023-03-02                    | 2023-12-31
        """,
    )
    expect("results.cohort", "subject_id")


def test_last_contact_is_a_visit_an_administration_a_sample_or_a_follow_up(
    given, expect, index_patient
):
    given(
        "cdm.visit_occurrence",
        """
        person_id | visit_start_date | visit_end_date
        1         | 2023-03-01       | 2023-03-04
        """,
    )
    given(
        "cdm.measurement",
        """
        person_id | measurement_date | measurement_type_concept_id
        1         | 2023-04-01       | 32856
        1         | 2024-04-01       | 32841
        """,
    )
    expect("study.last_contact", "last_contact_on | died_on\n2023-04-01 | -")
    given(
        "cdm.observation",
        """
        person_id | observation_concept_id | observation_date
        1         | 2000000051             | 2023-06-01
        1         | 4163894                | 2023-09-01
        """,
    )
    given("cdm.death", "person_id | death_date\n1 | 2023-06-30")
    expect("study.last_contact", "last_contact_on | died_on\n2023-06-01 | 2023-06-30")


def test_the_cohort_has_its_definition(expect):
    expect(
        "results.cohort_definition",
        """
        cohort_definition_id | definition_type_concept_id | subject_concept_id
        1                    | 0                          | 1147026
        """,
    )
