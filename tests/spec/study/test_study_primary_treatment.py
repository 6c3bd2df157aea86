"""Metastatic after primary treatment (i4). The first distant metastasis is of 2023-01-10."""

import pytest

CHEMOTHERAPY = 2000000045


def dose(given, *days, drug=1314924):
    """Give cytotoxic doses."""
    for number, day in enumerate(days, 900):
        given(
            "cdm.drug_exposure",
            f"""
            person_id | drug_exposure_id | drug_concept_id | drug_exposure_start_date | drug_type_concept_id
            1         | {number}         | {drug}          | {day}                    | 32818
            """,
        )


@pytest.mark.parametrize(
    ("ended", "answer", "days"), [("2022-07-10", "met", 184), ("2022-07-11", "not met", 183)]
)
def test_more_than_183_days_after_the_last_fraction(
    expect, index_patient, course, ended, answer, days
):
    course("2022-05-20", ended)
    expect(
        "study.criterion_i4",
        f"""
        person_id | answer   | value                               | found_on | date_precision
        1         | {answer} | {days} days after primary treatment | {ended}  | day
        """,
    )


@pytest.mark.parametrize(("gy", "answer"), [(60, "met"), (59.9, "unknown")])
def test_a_definitive_course_has_60_gy(expect, index_patient, course, gy, answer):
    course("2020-05-20", "2020-07-01", gy=gy)
    expect("study.criterion_i4", f"answer\n{answer}")


def test_another_site_is_no_primary_treatment(expect, index_patient, course):
    course("2020-05-20", "2020-07-01", site="lung primary")
    expect("study.criterion_i4", "answer\nunknown")


def test_the_first_definitive_course_counts(expect, index_patient, course):
    course("2020-05-20", "2020-07-01")
    course("2022-09-20", "2022-11-01")
    expect("study.criterion_i4", "answer | found_on\nmet | 2020-07-01")


@pytest.mark.parametrize(("began", "answer"), [("2022-09-29", "not met"), ("2022-09-30", "met")])
def test_adjuvant_chemotherapy_begins_within_90_days(
    given, expect, index_patient, course, began, answer
):
    course("2022-05-20", "2022-07-01")
    dose(given, began)
    expect("study.criterion_i4", f"answer\n{answer}")


def test_the_last_adjuvant_dose_ends_the_treatment(given, expect, index_patient, course):
    course("2022-02-20", "2022-04-01")
    dose(given, "2022-05-01", "2022-06-01", "2022-08-01")
    expect("study.criterion_i4", "answer | found_on\nnot met | 2022-08-01")


def test_chemotherapy_of_the_metastasis_is_not_adjuvant(given, expect, index_patient, course):
    course("2022-05-20", "2022-07-01")
    dose(given, "2023-01-10")
    expect("study.criterion_i4", "answer | found_on\nmet | 2022-07-01")


@pytest.mark.parametrize(
    ("date", "answer", "precision"),
    [
        ("2022-07-10", "met", "day"),
        ("2022-07-11", "not met", "day"),
        ("2022-06", "met", "month"),
        ("2022-07", "unknown", "month"),
        ("2022-08", "not met", "month"),
        ("2021", "met", "year"),
        ("2022", "unknown", "year"),
        ("2022-05/2022-06", "met", "month"),
        ("2022-05-20/2022-07-11", "not met", "day"),
    ],
)
def test_a_month_told_is_an_interval(expect, index_patient, told, date, answer, precision):
    told(date)
    expect("study.criterion_i4", f"answer | date_precision\n{answer} | {precision}")


def test_told_several_times_the_most_precise_counts(expect, index_patient, told):
    told("2022")
    told("2022-07")
    told("2022-07-05")
    expect("study.criterion_i4", "answer | found_on\nmet | 2022-07-05")


def test_a_later_course_told_is_no_primary_treatment(expect, index_patient, told):
    told("2020-03")
    told("2022-11-05")
    expect("study.criterion_i4", "answer | found_on\nmet | 2020-03-01")


def test_what_was_told_as_less_than_60_gy_is_not_definitive(expect, index_patient, told):
    told("2020-03", gy=50)
    expect("study.criterion_i4", "answer\nunknown")


def test_a_course_here_speaks_before_what_a_note_tells_of_it(expect, index_patient, course, told):
    course("2022-05-20", "2022-07-10")
    told("2022-07")
    expect("study.criterion_i4", "answer | found_on\nmet | 2022-07-10")


def test_after_a_course_elsewhere_ours_is_a_re_irradiation(expect, index_patient, course, told):
    course("2022-09-20", "2022-11-01")
    told("2018-03")
    expect("study.criterion_i4", "answer | found_on\nmet | 2018-03-01")


@pytest.mark.parametrize(("began", "answer"), [("2022-09", "not met"), ("2022-12", "met")])
def test_adjuvant_chemotherapy_elsewhere_is_told(expect, index_patient, told, began, answer):
    told("2022-06-20")
    told(began, concept=CHEMOTHERAPY)
    expect("study.criterion_i4", f"answer\n{answer}")
