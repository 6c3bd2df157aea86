"""Adverse events: their window, grade, and what was begun for the immune-related."""

import pytest

EVENT = """
    person_id | condition_occurrence_id | condition_concept_id | condition_start_date | condition_type_concept_id
"""
RASH, MUCOSITIS, HYPERTENSION = 2000000377, 2000000375, 316866


@pytest.fixture
def eligible(given):
    """Person 1 is eligible and had one PD-1 dose, on the index date."""
    given("study.npc_lung_pd1_candidate", "person_id | eligible | arm\n1 | yes | RT")


def graded(given, condition, grade):
    """The grade of one event."""
    given(
        "cdm.measurement",
        f"""
        person_id | measurement_id    | measurement_concept_id | measurement_date | value_as_number | measurement_event_id | meas_event_field_concept_id
        1         | {condition + 100} | 2000000386             | 2023-04-01       | {grade}         | {condition}          | 1147127
        """,
    )


def test_one_row_a_term_with_its_worst_grade_and_onset(given, expect, index_patient, eligible):
    given(
        "cdm.condition_occurrence",
        EVENT
        + f"""
        1 | 41 | {MUCOSITIS} | 2023-04-01 | 32858
        1 | 42 | {MUCOSITIS} | 2023-04-20 | 32858
        1 | 43 | {MUCOSITIS} | 2023-05-01 | 32858
        """,
    )
    graded(given, 41, 2)
    graded(given, 42, 3)
    expect(
        "study.npc_lung_pd1_adverse_event",
        """
        person_id | arm | term                      | worst_grade | onset_on   | onset_days | is_immune_related
        1         | RT  | Mucositis (adverse event) | 3           | 2023-04-01 | 31         | false
        """,
    )


@pytest.mark.parametrize(
    ("day", "rows"),
    [("2023-02-28", 0), ("2023-03-01", 1), ("2023-05-30", 1), ("2023-05-31", 0)],
)
def test_from_the_index_to_90_days_after_the_last_pd1_dose(
    given, specification, index_patient, eligible, day, rows
):
    given("cdm.condition_occurrence", EVENT + f"1 | 41 | {RASH} | {day} | 32858")
    specification.run("study.npc_lung_pd1_adverse_event")
    query = "SELECT count(*) FROM study.npc_lung_pd1_adverse_event"
    assert specification.con.execute(query).fetchone() == (rows,)


def test_another_disease_or_a_coded_diagnosis_is_no_adverse_event(
    given, expect, index_patient, eligible
):
    given(
        "cdm.condition_occurrence",
        EVENT
        + f"""
        1 | 41 | {HYPERTENSION} | 2023-04-01 | 32858
        1 | 42 | {RASH}         | 2023-04-01 | 32817
        """,
    )
    expect("study.npc_lung_pd1_adverse_event", "person_id")


def test_who_is_not_eligible_has_none(given, expect, index_patient):
    given("study.npc_lung_pd1_candidate", "person_id | eligible\n1 | review")
    given("cdm.condition_occurrence", EVENT + f"1 | 41 | {RASH} | 2023-04-01 | 32858")
    expect("study.npc_lung_pd1_adverse_event", "person_id")


def test_an_immune_related_event_with_glucocorticoids(given, expect, index_patient, eligible):
    given("cdm.condition_occurrence", EVENT + f"1 | 41 | {RASH} | 2023-04-01 | 32858")
    given(
        "cdm.observation",
        """
        person_id | observation_id | observation_concept_id | observation_date | observation_event_id | obs_event_field_concept_id
        1         | 51             | 2000000387             | 2023-04-01       | 41                   | 1147127
        """,
    )
    given(
        "cdm.drug_exposure",
        """
        person_id | drug_exposure_id | drug_concept_id | drug_exposure_start_date | drug_exposure_end_date | drug_type_concept_id | quantity | route_concept_id
        1         | 61               | 1551099         | 2023-04-02               | 2023-04-11             | 32838                | 300      | 4132161
        """,
    )
    expect(
        "study.npc_lung_pd1_adverse_event",
        """
        is_immune_related | has_steroids | steroids_on
        true              | true         | 2023-04-02
        """,
    )
