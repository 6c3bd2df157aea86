"""Survival, progression, response and last assessment of an index patient (index 2023-03-01)."""

import pytest


@pytest.fixture
def seen(given):
    """Give one measurement, examination, death or contact."""
    number = iter(range(100, 200))

    def response(concept, day):
        given(
            "cdm.measurement",
            f"""
            person_id | measurement_id | measurement_concept_id | measurement_date
            1         | {next(number)} | {concept}              | {day}
            """,
        )

    return response


CR, PR, SD, PD = 1634772, 1633368, 1634680, 1633597


def scan(given, day, concept=4327032):
    """One examination."""
    given(
        "cdm.procedure_occurrence",
        f"person_id | procedure_concept_id | procedure_date\n1 | {concept} | {day}",
    )


def died(given, day, cause=0):
    """A death."""
    given("cdm.death", f"person_id | death_date | cause_concept_id\n1 | {day} | {cause}")


def visited(given, day):
    """A visit of one day."""
    given(
        "cdm.visit_occurrence",
        f"person_id | visit_start_date | visit_end_date\n1 | {day} | {day}",
    )


def test_without_a_death_survival_ends_at_the_last_contact(given, expect, index_patient):
    visited(given, "2023-06-09")
    expect("study.outcome", "os_on | os_days | os_event\n2023-06-09 | 100 | 0")


def test_a_death_ends_survival_and_is_progression(given, expect, index_patient):
    died(given, "2023-04-10")
    expect(
        "study.outcome",
        """
        os_days | os_event | os_precision | pfs_days | pfs_event
        40      | 1        | day          | 40       | 1
        """,
    )


def test_a_death_known_to_the_month_says_so(given, expect, index_patient):
    died(given, "2023-04-30")
    given(
        "cdm.observation",
        """
        person_id | observation_concept_id | observation_date | value_as_string
        1         | 2000000255             | 2023-04-30       | month
        """,
    )
    expect("study.outcome", "os_event | os_precision | pfs_precision\n1 | month | month")


def test_without_an_assessment_progression_is_censored_at_day_0(given, expect, index_patient):
    visited(given, "2023-06-09")
    expect("study.outcome", "pfs_days | pfs_event | assessments\n0 | 0 | 0")


def test_without_progression_it_is_censored_at_the_last_assessment(given, expect, index_patient):
    scan(given, "2023-02-20")
    scan(given, "2023-04-10")
    scan(given, "2023-06-09")
    scan(given, "2023-07-09", concept=4230911)  # echocardiography
    expect(
        "study.outcome",
        """
        pfs_days | pfs_event | assessments | mean_interval_days
        100      | 0         | 2           | 50.0
        """,
    )


def test_progression_before_death_counts(given, expect, index_patient, seen):
    seen(PD, "2023-05-01")
    died(given, "2023-06-09")
    expect(
        "study.outcome",
        """
        pfs_days | pfs_event | progression_sign | os_days
        61       | 1         | RECIST PD        | 100
        """,
    )


def test_a_month_told_does_not_come_before_an_examination_in_it(given, expect, index_patient, seen):
    seen(PD, "2023-05-20")
    given(
        "cdm.observation",
        """
        person_id | observation_id | observation_concept_id | observation_date | observation_type_concept_id | value_as_string
        1         | 92             | 1617595                | 2023-06-05       | 32858                       | 2023-05
        """,
    )
    expect("study.first_progression", "found_on | date_precision\n2023-05-20 | day")


@pytest.mark.parametrize(
    ("responses", "best"),
    [
        ([], "NE"),
        ([(PR, "2023-04-20"), (SD, "2023-06-01")], "PR"),
        ([(SD, "2023-04-20"), (CR, "2023-06-01")], "CR"),
        ([(PD, "2023-04-20"), (CR, "2023-06-01")], "PD"),  # of the next line
        ([(PR, "2023-03-01")], "NE"),  # of the treatment before
        ([(SD, "2023-04-20"), (PD, "2023-06-01")], "SD"),
    ],
)
def test_the_best_response_until_the_first_progression(
    expect, index_patient, seen, responses, best
):
    for concept, day in responses:
        seen(concept, day)
    expect(
        "study.outcome",
        f"best_response | is_responder\n{best} | {str(best in ('CR', 'PR')).lower()}",
    )
