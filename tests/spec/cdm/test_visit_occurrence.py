"""cdm.visit_occurrence: registrations, emergencies, stays, day care, check-ups."""

import pytest


@pytest.fixture(autouse=True)
def patient(given):
    given("raw.identity", "id_hmac | id_kind | person_id \n E1 | empi | 1 \n H1 | hzid | 1")
    given("raw.HZ_ZSY", "EMPI_ID | HZID | CSRQ \n E1 | H1 | 1975-03")


def test_each_visit_type_has_its_concept(given, expect):
    given(
        "raw.JZ_JZJL",
        """
        JZLSH | EMPI_ID | JZLX | RYSJ                | CYSJ
        V1    | E1      | 1    | 2023-05-01 08:00:00 | -
        V2    | E1      | 2    | 2023-05-02 08:00:00 | -
        V3    | E1      | 3    | 2023-05-03 08:00:00 | 2023-05-09 10:30:00
        V4    | E1      | 4    | 2023-05-10 08:00:00 | -
        V5    | E1      | 5    | 2023-05-11 08:00:00 | -
        V6    | E1      | -    | 2023-05-12 08:00:00 | -
        """,
    )
    expect(
        "cdm.visit_occurrence",
        """
        visit_occurrence_id | visit_concept_id | visit_source_value | visit_type_concept_id
        102000              | 9202             | 1                  | 32827
        202000              | 9203             | 2                  | 32827
        302000              | 9201             | 3                  | 32827
        402000              | 9202             | 4                  | 32827
        502000              | 32693            | 5                  | 32827
        602000              | 0                | -                  | 32827
        """,
    )


def test_the_visit_table_writes_the_admission_route_in_ws_445(given, expect):
    given(
        "raw.JZ_JZJL",
        """
        JZLSH | EMPI_ID | JZLX | RYTJDM | RYSJ       | CYSJ
        V1    | E1      | 3    | 1      | 2023-05-01 | 2023-05-02
        V2    | E1      | 3    | 2      | 2023-05-03 | 2023-05-04
        V3    | E1      | 3    | 9      | 2023-05-05 | 2023-05-06
        """,
    )
    expect(
        "cdm.visit_occurrence",
        """
        visit_occurrence_id | admitted_from_concept_id | admitted_from_source_value
        102000              | 9202                     | 1
        202000              | 9203                     | 2
        302000              | 0                        | 9
        """,
    )


def test_going_home_is_no_place_and_a_transfer_is_a_hospital(given, expect):
    given(
        "raw.JZ_JZJL",
        """
        JZLSH | EMPI_ID | JZLX | LYFSDM | RYSJ       | CYSJ
        V1    | E1      | 3    | 1      | 2023-05-01 | 2023-05-02
        V2    | E1      | 3    | 2      | 2023-05-03 | 2023-05-04
        """,
    )
    expect(
        "cdm.visit_occurrence",
        """
        visit_occurrence_id | discharged_to_concept_id | discharged_to_source_value
        102000              | 0                        | 1
        202000              | 8717                     | 2
        """,
    )


def test_a_cancelled_registration_is_no_visit(given, expect):
    given(
        "raw.JZ_JZJL",
        """
        JZLSH | EMPI_ID | JZLX | RYSJ       | ZFBZ | fate
        V1    | E1      | 1    | 2023-05-01 | 1    | void
        V2    | E1      | 1    | 2023-05-01 | 0    | current
        """,
    )
    expect("cdm.visit_occurrence", "visit_occurrence_id \n 202000")


def test_a_discharge_before_the_admission_is_rejected(given, expect):
    given(
        "raw.JZ_JZJL",
        """
        JZLSH | EMPI_ID | JZLX | RYSJ                | CYSJ
        V1    | E1      | 3    | 2023-05-09 08:00:00 | 2023-05-06 10:30:00
        V2    | E1      | 3    | 2023-05-09 08:00:00 | 2023-05-10 10:30:00
        """,
    )
    expect("cdm.visit_occurrence", "visit_occurrence_id \n 202000")
    expect(
        "stage.visit",
        """
        visit_key | reject_reason
        V1        | discharge before admission
        V2        | -
        """,
    )


def test_a_discharge_earlier_on_the_same_day_is_a_slip_of_the_clock(given, expect):
    given(
        "raw.JZ_JZJL",
        """
        JZLSH | EMPI_ID | JZLX | RYSJ                | CYSJ
        V1    | E1      | 4    | 2023-05-09 08:00:00 | 2023-05-09
        """,
    )
    expect(
        "cdm.visit_occurrence",
        """
        visit_start_datetime | visit_end_datetime
        2023-05-09 08:00:00  | 2023-05-09 08:00:00
        """,
    )


def test_a_stay_without_a_discharge_goes_on_to_the_extract(given, expect):
    given(
        "raw.JZ_JZJL",
        """
        JZLSH | EMPI_ID | JZLX | RYSJ                | CYSJ
        V1    | E1      | 3    | 2023-05-06 09:05:00 | -
        V2    | E1      | 1    | 2024-06-30 08:00:00 | -
        """,
    )
    expect(
        "cdm.visit_occurrence",
        """
        visit_occurrence_id | visit_start_date | visit_end_date
        102000              | 2023-05-06       | 2024-06-30
        202000              | 2024-06-30       | 2024-06-30
        """,
    )


def test_outpatient_and_emergency_visits_end_as_they_start_unless_an_end_is_given(given, expect):
    given(
        "raw.JZ_JZJL",
        """
        JZLSH | EMPI_ID | JZLX | RYSJ                | CYSJ
        V1    | E1      | 1    | 2023-05-06 09:05:00 | -
        V2    | E1      | 2    | 2023-05-06 21:00:00 | 2023-05-07 03:00:00
        V3    | E1      | 2    | 2023-05-08 21:00:00 | -
        """,
    )
    expect(
        "cdm.visit_occurrence",
        """
        visit_occurrence_id | visit_end_datetime
        102000              | 2023-05-06 09:05:00
        202000              | 2023-05-07 03:00:00
        302000              | 2023-05-08 21:00:00
        """,
    )


def test_9999_is_no_discharge(given, expect):
    given(
        "raw.JZ_JZJL",
        """
        JZLSH | EMPI_ID | JZLX | RYSJ       | CYSJ
        V1    | E1      | 3    | 2023-05-06 | 9999-12-31
        """,
    )
    expect("cdm.visit_occurrence", "visit_start_date | visit_end_date \n 2023-05-06 | 2023-05-06")


def test_a_visit_belongs_to_the_department_that_saw_the_patient(given, expect):
    given(
        "raw.JZ_JZJL",
        """
        JZLSH | EMPI_ID | JZLX | RYSJ       | JZKSDM | JZKSMC
        V1    | E1      | 1    | 2023-05-06 | 0305   | 头颈放疗科
        V2    | E1      | 1    | 2023-05-07 | -      | -
        """,
    )
    expect(
        "cdm.visit_occurrence",
        """
        visit_occurrence_id | provider_id | care_site_id
        102000              | 102002      | 102001
        202000              | -           | -
        """,
    )


def test_a_visit_of_nobody_is_rejected(given, expect):
    given(
        "raw.JZ_JZJL",
        """
        JZLSH | EMPI_ID | HZID | JZLX | RYSJ
        V1    | E9      | H9   | 1    | 2023-05-06
        V2    | -       | H1   | 1    | 2023-05-06
        """,
    )
    expect("cdm.visit_occurrence", "visit_occurrence_id | person_id \n 202000 | 1")
    expect("stage.visit", "visit_key | reject_reason \n V1 | no such patient \n V2 | -")
