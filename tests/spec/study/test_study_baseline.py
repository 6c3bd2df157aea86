"""Age (i1) and performance status (i2)."""

import pytest

KPS, ECOG = 36303287, 36305384
SCORE = "person_id | measurement_id | measurement_concept_id | measurement_date | value_as_number\n"


def born(given, year, month):
    """Person 1 with another birth."""
    given(
        "cdm.person",
        f"""
        person_id | gender_concept_id | year_of_birth | month_of_birth
        1         | 8507              | {year}        | {month}
        """,
    )


@pytest.mark.parametrize(
    ("year", "month", "answer", "value"),
    [
        (2005, 2, "met", "18 years"),
        (2005, 3, "unknown", "17 or 18 years"),
        (2005, 4, "not met", "17 years"),
        (2004, "-", "met", "18 or 19 years"),
        (2005, "-", "unknown", "17 or 18 years"),
        (2006, "-", "not met", "16 or 17 years"),
        (1970, 6, "met", "52 years"),
    ],
)
def test_age_is_known_to_the_month_and_sometimes_to_the_year(
    given, expect, specification, index_patient, year, month, answer, value
):
    specification.con.execute("DELETE FROM cdm.person")
    born(given, year, month)
    expect(
        "study.criterion_i1",
        f"""
        person_id | answer   | value
        1         | {answer} | {value}
        """,
    )


@pytest.mark.parametrize(("kps", "answer"), [(60, "met"), (59, "not met"), (90, "met")])
def test_kps_60_is_enough(given, expect, index_patient, kps, answer):
    given("cdm.measurement", SCORE + f"1 | 21 | {KPS} | 2023-03-01 | {kps}")
    expect("study.criterion_i2", f"person_id | answer | value\n1 | {answer} | KPS {kps}")


@pytest.mark.parametrize(
    ("ecog", "answer"),
    [(0, "met"), (1, "met"), (2, "unknown"), (3, "not met"), (4, "not met")],
)
def test_without_kps_ecog_decides_except_2(given, expect, index_patient, ecog, answer):
    given("cdm.measurement", SCORE + f"1 | 21 | {ECOG} | 2023-03-01 | {ecog}")
    expect("study.criterion_i2", f"person_id | answer | value\n1 | {answer} | ECOG {ecog}")


def test_kps_speaks_before_ecog(given, expect, index_patient):
    given(
        "cdm.measurement",
        SCORE
        + f"""
        1 | 21 | {KPS}  | 2023-02-01 | 50
        1 | 22 | {ECOG} | 2023-03-01 | 0
        """,
    )
    expect("study.criterion_i2", "person_id | answer | value\n1 | not met | KPS 50")


@pytest.mark.parametrize(
    ("scored_on", "answer"),
    [
        ("2023-01-30", "met"),
        ("2023-01-29", "unknown"),
        ("2023-03-08", "met"),
        ("2023-03-09", "unknown"),
    ],
)
def test_a_score_counts_from_30_days_before_to_7_days_after(
    given, expect, index_patient, scored_on, answer
):
    given("cdm.measurement", SCORE + f"1 | 21 | {KPS} | {scored_on} | 80")
    expect("study.criterion_i2", f"person_id | answer\n1 | {answer}")


def test_the_latest_score_on_or_before_the_index_is_taken(given, expect, index_patient):
    given(
        "cdm.measurement",
        SCORE
        + f"""
        1 | 21 | {KPS} | 2023-02-01 | 90
        1 | 22 | {KPS} | 2023-03-01 | 70
        1 | 23 | {KPS} | 2023-03-02 | 50
        """,
    )
    expect(
        "study.baseline_measurement",
        """
        item | measurement_id | measured_on | amount
        kps  | 22             | 2023-03-01  | 70.0
        """,
    )


def test_only_where_there_is_none_the_earliest_after_the_index_is_taken(
    given, expect, index_patient
):
    given(
        "cdm.measurement",
        SCORE
        + f"""
        1 | 21 | {KPS} | 2023-03-05 | 90
        1 | 22 | {KPS} | 2023-03-03 | 70
        """,
    )
    expect("study.criterion_i2", "person_id | value | found_on\n1 | KPS 70 | 2023-03-03")


def test_of_one_day_the_latest_hour_is_taken(given, expect, index_patient):
    given(
        "cdm.measurement",
        f"""
        person_id | measurement_id | measurement_concept_id | measurement_date | measurement_datetime | value_as_number
        1         | 21             | {KPS}                  | 2023-02-27       | 2023-02-27 16:00:00  | 70
        1         | 22             | {KPS}                  | 2023-02-27       | 2023-02-27 08:00:00  | 90
        """,
    )
    expect("study.criterion_i2", "person_id | value\n1 | KPS 70")


def test_a_refused_score_is_passed_over(given, expect, index_patient):
    given(
        "cdm.measurement",
        SCORE
        + f"""
        1 | 21 | {KPS} | 2023-02-20 | 80
        1 | 22 | {KPS} | 2023-02-28 | -
        """,
    )
    expect("study.criterion_i2", "person_id | answer | value\n1 | met | KPS 80")


def test_no_score_is_unknown(expect, index_patient):
    expect(
        "study.criterion_i2",
        """
        person_id | answer  | value
        1         | unknown | no KPS and no ECOG in the window
        """,
    )
