"""Histology (i3)."""

import pytest

HEADER = """
    person_id | measurement_id | measurement_concept_id | measurement_date | measurement_type_concept_id | value_source_value | measurement_event_id | meas_event_field_concept_id
"""


@pytest.fixture
def told(given):
    """Give one histology: `told("8072/3", kind=32858, day=..., cancer=...)`."""
    number = iter(range(100, 200))

    def give(morphology, kind=32835, day="2020-05-10", cancer=11):
        given(
            "cdm.measurement",
            HEADER
            + f"1 | {next(number)} | 2000000365 | {day} | {kind} | {morphology} | {cancer} | 1147127",
        )

    return give


@pytest.mark.parametrize(
    ("morphology", "answer"),
    [
        ("8070/3", "met"),
        ("8071/3", "met"),
        ("8072/3 undifferentiated", "met"),
        ("8072/6", "met"),
        ("8082/3", "met"),
        ("8083/3", "met"),
        ("8020/3", "met"),
        ("8021/3", "met"),
        ("8140/3", "not met"),
        ("9680/3", "not met"),
        ("8800/3", "not met"),
        ("8010/3", "unknown"),
        ("8000/3", "unknown"),
        ("8070/2", "unknown"),  # in situ
    ],
)
def test_the_morphology_decides(expect, index_patient, told, morphology, answer):
    told(morphology)
    expect("study.criterion_i3", f"person_id | answer\n1 | {answer}")


def test_no_histology_is_unknown(expect, index_patient):
    expect(
        "study.criterion_i3",
        """
        answer  | value
        unknown | no histology on or before the index date
        """,
    )


@pytest.mark.parametrize(("day", "answer"), [("2023-03-01", "met"), ("2023-03-02", "unknown")])
def test_on_or_before_the_index_date(expect, index_patient, told, day, answer):
    told("8072/3", day=day)
    expect("study.criterion_i3", f"answer\n{answer}")


def test_a_squamous_histology_stands_beside_another(expect, index_patient, told):
    told("8140/3", day="2020-05-01")
    told("8072/3", day="2020-06-01")
    expect("study.criterion_i3", "answer | found_on\nmet | 2020-06-01")


def test_a_carcinoma_nos_does_not_hide_an_adenocarcinoma(expect, index_patient, told):
    told("8010/3")
    told("8140/3")
    expect("study.criterion_i3", "answer\nnot met")


def test_quoted_pathology_counts_and_says_so(expect, index_patient, told):
    told("8072/3", kind=32858)
    expect("study.criterion_i3", "answer | value\nmet | 8072/3, quoted")


def test_a_report_speaks_before_a_quotation(expect, index_patient, told):
    told("8072/3", kind=32858, day="2020-05-01")
    told("8070/3", day="2020-06-01")
    expect("study.criterion_i3", "value\n8070/3")


def test_the_setting_refuses_quoted_pathology(expect, index_patient, told, setting):
    setting(quoted_pathology_counts=False)
    told("8072/3", kind=32858)
    expect("study.criterion_i3", "answer\nunknown")


def test_a_front_page_code_is_no_pathology(expect, index_patient, told):
    told("8072/3", kind=32817)
    expect("study.criterion_i3", "answer\nunknown")


def test_another_organs_histology_never_answers(given, expect, index_patient, told):
    given(
        "cdm.condition_occurrence",
        """
        person_id | condition_occurrence_id | condition_concept_id | condition_start_date | condition_source_value
        1         | 31                      | 443392               | 2021-05-04           | C34.100
        """,
    )
    told("8070/3", cancer=31)
    expect("study.criterion_i3", "answer\nunknown")


def test_an_adenocarcinoma_of_the_nasopharynx_is_found_by_its_topography(
    given, expect, index_patient, told
):
    given(
        "cdm.condition_occurrence",
        """
        person_id | condition_occurrence_id | condition_concept_id | condition_start_date | condition_source_value
        1         | 31                      | 36535765             | 2020-05-04           | 8260/3-C11.9
        """,
    )
    told("8260/3", cancer=31)
    expect("study.criterion_i3", "answer\nnot met")
