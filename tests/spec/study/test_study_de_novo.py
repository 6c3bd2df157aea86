"""Metastatic at diagnosis, or treated at a time that nobody wrote down (i4)."""

import pytest


def test_no_date_is_unknown_even_when_staged_at_diagnosis(given, expect, index_patient, told):
    staged(given, "2023-01-12")
    told("-")
    expect(
        "study.criterion_i4",
        """
        answer  | value
        unknown | primary treatment told without a date
        """,
    )


def staged(given, day, t=1634376):
    """T3 (or another T) M1 on a day, and the first diagnosis on 2023-01-05."""
    given(
        "cdm.measurement",
        f"""
        person_id | measurement_id | measurement_concept_id | measurement_date | measurement_event_id | meas_event_field_concept_id
        1         | 61             | 1635142                | {day}            | 11                   | 1147127
        1         | 62             | {t}                    | {day}            | 11                   | 1147127
        """,
    )


@pytest.fixture
def new_patient(specification, index_patient):
    """The carcinoma was first diagnosed five days before the metastasis."""
    specification.con.execute(
        "UPDATE cdm.condition_occurrence SET condition_start_date = DATE '2023-01-05'"
    )


def test_metastatic_at_diagnosis_is_not_met(given, expect, new_patient):
    staged(given, "2023-01-12")
    expect("study.criterion_i4", "answer | value\nnot met | metastatic at diagnosis")


def test_a_restaging_with_t0_is_no_diagnosis(given, expect, new_patient):
    staged(given, "2023-01-12", t=1634213)
    expect("study.criterion_i4", "answer | value\nunknown | no primary treatment on record")


def test_the_primary_tumour_on_imaging_is_untreated(given, expect, new_patient):
    given(
        "cdm.measurement",
        """
        person_id | measurement_id | measurement_concept_id | measurement_date | measurement_event_id | meas_event_field_concept_id
        1         | 61             | 2000000363             | 2023-01-06       | 11                   | 1147127
        """,
    )
    expect("study.criterion_i4", "answer\nnot met")


def test_a_diagnosis_long_before_is_not_de_novo(given, expect, index_patient):
    staged(given, "2023-01-12")
    expect("study.criterion_i4", "answer\nunknown")


def test_irradiated_after_the_metastasis_was_found_is_de_novo(expect, index_patient, course):
    course("2023-03-20", "2023-05-01")
    expect(
        "study.criterion_i4",
        """
        answer  | value
        not met | metastasis before the end of primary treatment
        """,
    )


def test_a_stage_m1_at_diagnosis_stays_one_after_treatment(given, expect, index_patient, course):
    staged(given, "2020-05-20")
    course("2020-06-01", "2020-07-15")
    expect(
        "study.criterion_i4",
        """
        answer  | value
        not met | staged M1 before the end of primary treatment
        """,
    )
