"""cdm.death: one death a person, from sources that are vague and that disagree."""

import pytest

pytestmark = pytest.mark.usefixtures("admitted")


def told(given, *rows):
    given("raw.SF_SFJL", "\n".join(["EMPI_ID | SFRQ | SCZT | SWRQ | SWYY", *rows]))


def test_a_death_outside_the_hospital_is_told_at_follow_up(given, expect):
    told(given, "E1 | 2023-11-06 | 2 | 2023-10-02 | 肿瘤进展")
    expect(
        "cdm.death",
        """
        person_id | death_date | death_type_concept_id | cause_concept_id | cause_source_value
        1         | 2023-10-02 | 32879                 | 443392           | 肿瘤进展
        """,
    )


@pytest.mark.parametrize(
    ("written", "died_on", "precision"),
    [
        ("2023年10月", "2023-10-31", "month"),
        ("2023-11", "2023-11-30", "month"),
        ("2024年2月", "2024-02-29", "month"),
        ("2023年", "2023-12-31", "year"),
        ("二〇二三年十月二日", "2023-10-02", "day"),
    ],
)
def test_a_vague_death_is_the_last_day_of_what_was_told_and_its_precision_is_kept(
    given, expect, written, died_on, precision
):
    told(given, f"E1 | 2024-03-06 | 2 | {written} | -")
    expect("cdm.death", f"death_date \n {died_on}")
    expect("stem.death", f"died_on | precision \n {died_on} | {precision}")


@pytest.mark.parametrize("written", ["-", "不详", "1900-01-01", "9999-12-31"])
def test_a_death_without_a_date_is_no_row(given, expect, written):
    told(given, f"E1 | 2024-03-06 | 2 | {written} | 肿瘤进展")
    expect("cdm.death", "person_id")


def test_a_patient_who_left_dead_died_on_the_day_of_discharge(given, expect):
    given(
        "raw.JZ_JZJL",
        """
        row_id | JZLSH | EMPI_ID | JZLX | RYSJ       | CYSJ                | LYFSDM
        2      | V2    | E1      | 3    | 2023-08-01 | 2023-08-09 03:12:00 | 5
        """,
    )
    expect("cdm.death", "death_date | death_type_concept_id \n 2023-08-09 | 32817")


def test_of_several_sources_the_most_precise_makes_the_one_row_and_keeps_the_cause(given, expect):
    given(
        "raw.JZ_JZJL",
        """
        row_id | JZLSH | EMPI_ID | JZLX | RYSJ       | CYSJ                | LYFSDM
        2      | V2    | E1      | 3    | 2023-08-01 | 2023-08-09 03:12:00 | 5
        """,
    )
    told(given, "E1 | 2023-11-06 | 2 | 2023年8月 | 肺部感染")
    expect("cdm.death", "person_id | death_date | cause_source_value \n 1 | 2023-08-09 | 肺部感染")
    expect("stem.death", "has_conflict \n false")


def test_of_two_days_the_earlier_counts_and_the_conflict_is_on_record(given, expect):
    told(given, "E1 | 2023-11-06 | 2 | 2023-10-02 | -", "E1 | 2024-01-06 | 2 | 2023-12-02 | -")
    expect("stem.death", "died_on | has_conflict \n 2023-10-02 | true")
    expect("cdm.death", "death_date \n 2023-10-02")


def test_the_master_index_may_know_of_the_death(given, expect):
    given(
        "raw.HZ_ZSY",
        "row_id | EMPI_ID | HZID | CSRQ | SWRQ \n 2 | E1 | H2 | 1975-03 | 2023/9/1",
    )
    expect("cdm.death", "person_id | death_date | death_type_concept_id \n 1 | 2023-09-01 | 32817")


def test_a_visit_more_than_60_days_later_withdraws_the_death(given, expect):
    told(given, "E1 | 2023-11-06 | 2 | 2023-10-02 | -")
    given(
        "raw.JZ_JZJL",
        "row_id | JZLSH | EMPI_ID | JZLX | RYSJ \n 2 | V2 | E1 | 1 | 2023-12-02 08:00:00",
    )
    expect("cdm.death", "person_id")
    expect(
        "stem.death",
        "person_id | not_carried_reason \n 1 | active more than 60 days later",
    )


def test_a_visit_within_60_days_leaves_the_death_alone(given, expect):
    told(given, "E1 | 2023-11-06 | 2 | 2023-10-02 | -")
    given(
        "raw.JZ_JZJL",
        "row_id | JZLSH | EMPI_ID | JZLX | RYSJ \n 2 | V2 | E1 | 1 | 2023-12-01 08:00:00",
    )
    expect("cdm.death", "death_date \n 2023-10-02")


def test_a_sample_is_activity(given, expect):
    told(given, "E1 | 2023-02-06 | 2 | 2023-02-02 | -")
    given("raw.JZ_JZJL", "row_id | JZLSH | EMPI_ID | JZLX | RYSJ \n 2 | V2 | E1 | 1 | 2023-01-01")
    given("raw.LIS_BG", "BGDH | HZID | CJSJ \n R1 | H1 | 2023-04-04 07:30:00")
    expect("stem.death", "not_carried_reason \n active more than 60 days later")


def test_bills_and_late_reports_and_calls_are_no_activity(given, expect):
    given("stage.visit_link", "visit_key | visit_id | person_id | start_at \n V1 | 102000 | 1 | -")
    given("stage.visit", "row_id | visit_key | person_id \n 1 | V1 | 1")
    told(given, "E1 | 2024-03-06 | 2 | 2023-10-02 | -", "E1 | 2024-04-06 | 2 | - | -")
    given("raw.SF_FYMX", "JZLSH | FYSJ \n V1 | 2024-05-07")
    given("raw.LIS_BG", "BGDH | HZID | CJSJ | BGSJ \n R1 | H1 | 2023-10-01 | 2024-03-01 08:00:00")
    expect("cdm.death", "death_date \n 2023-10-02")


def test_the_death_of_a_rejected_person_is_not_carried(given, expect):
    given("raw.identity", "id_hmac | id_kind | person_id \n E2 | empi | 2")
    given("raw.HZ_ZSY", "row_id | EMPI_ID | HZID | SWRQ \n 3 | E2 | H2 | 2023-09-01")
    expect("cdm.death", "person_id")
    expect(
        "stem.death",
        "person_id | not_carried_reason \n 2 | patient rejected: no year of birth",
    )


def test_a_death_told_in_a_note_counts_where_nothing_more_precise_is_known(given, expect):
    told(given, "E1 | 2023-11-06 | 2 | 2023-10 | -")
    given(
        "raw.EMR_WS",
        "JZLSH | WSLX | JLSJ | WSNR | WSZT"
        " \n V1 | 随访记录 | 2023-11-02 | 家属诉患者于2023年10月2日因肿瘤进展去世。 | 2",
    )
    expect("cdm.death", "death_date | death_type_concept_id \n 2023-10-02 | 32858")
