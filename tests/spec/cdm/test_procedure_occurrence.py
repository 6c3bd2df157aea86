"""cdm.procedure_occurrence: operations, examinations and delivered radiotherapy."""

import pytest

pytestmark = pytest.mark.usefixtures("admitted")


def test_only_delivered_fractions_are_procedures(given, expect):
    given(
        "raw.FL_JH", "JHID | HZID | JS | BQMC | JHZT \n P1 | H1 | VMAT | PGTVnx | TreatmentApproved"
    )
    given(
        "raw.FL_FC",
        """
        JHID | ZLSJ                | SCJL | ZLZT
        P1   | 2023-05-08 09:00:00 | 2.12 | COMPLETED
        P1   | 2023-05-09 09:00:00 | 1.06 | Partial
        P1   | 2023-05-10 09:00:00 | -    | CANCELLED
        P1   | 2023-05-10 10:00:00 | -    | 摆位
        P1   | -                   | -    | -
        """,
    )
    expect(
        "cdm.procedure_occurrence",
        """
        procedure_occurrence_id | procedure_concept_id | procedure_date | procedure_source_value | visit_occurrence_id
        115000                  | 40480519             | 2023-05-08     | VMAT PGTVnx            | -
        215000                  | 40480519             | 2023-05-09     | VMAT PGTVnx            | -
        """,
    )


@pytest.mark.parametrize("status", ["Rejected", "Retired", "Unapproved", "TreatmentApproved"])
def test_a_plan_without_a_delivered_fraction_is_no_treatment(given, expect, status):
    given("raw.FL_JH", f"JHID | HZID | JS | CFJL | JHZT \n P1 | H1 | IMRT | 70 | {status}")
    expect("cdm.procedure_occurrence", "procedure_occurrence_id")
    expect("cdm.measurement", "measurement_id")
    expect("stem.rt_plan", "row_id | not_carried_reason \n 1 | no delivered fraction")


@pytest.mark.parametrize("status", ["Rejected", "Retired", "Unapproved"])
def test_fractions_booked_on_a_plan_that_was_never_valid_are_no_treatment(given, expect, status):
    given("raw.FL_JH", f"JHID | HZID | JS | JHZT \n P1 | H1 | IMRT | {status}")
    given("raw.FL_FC", "JHID | ZLSJ | SCJL | ZLZT \n P1 | 2023-05-08 | 2.12 | COMPLETED")
    expect("cdm.procedure_occurrence", "procedure_occurrence_id")
    expect("cdm.measurement", "measurement_id")
    expect(
        "stem.rt_fraction",
        "row_id | not_carried_reason \n 1 | plan rejected, retired or never approved",
    )


def test_a_fraction_of_an_unknown_plan_or_patient_is_rejected(given, expect):
    given("raw.FL_JH", "JHID | HZID | JS \n P1 | H9 | IMRT")
    given(
        "raw.FL_FC",
        """
        JHID | ZLSJ                | ZLZT
        P1   | 2023-05-08 09:00:00 | COMPLETED
        P9   | 2023-05-08 09:00:00 | COMPLETED
        """,
    )
    expect("cdm.procedure_occurrence", "procedure_occurrence_id")
    expect(
        "stage.rt_fraction",
        """
        row_id | reject_reason
        1      | plan rejected: no such patient
        2      | no such plan
        """,
    )


def test_only_a_completed_operation_was_done(given, expect):
    given(
        "raw.SS_MZ",
        """
        JZLSH | SSBM        | SSMC               | SSKSSJ              | SSJSSJ              | SSZT
        V1    | 33.2600x001 | CT引导下肺穿刺活检 | 2023-05-08 22:00:00 | 2023-05-09 01:00:00 | 3
        V1    | 32.2001     | 胸腔镜下肺楔形切除 | 2023-05-09 14:00:00 | -                   | 2
        V1    | 32.2001     | 胸腔镜下肺楔形切除 | 2023-05-10 14:00:00 | -                   | 1
        """,
    )
    expect(
        "cdm.procedure_occurrence",
        """
        procedure_occurrence_id | procedure_concept_id | procedure_date | procedure_end_date | procedure_source_value
        117000                  | 4303062              | 2023-05-08     | 2023-05-09         | 33.2600x001
        """,
    )
    expect(
        "stem.operation",
        """
        row_id | not_carried_reason
        1      | -
        2      | operation cancelled
        3      | operation only planned
        """,
    )


def test_each_operation_of_the_front_page_is_a_procedure_on_its_day(given, expect):
    given(
        "raw.BA_SY",
        """
        BAH | ZYCS | JZLSH | SSJCZBM1    | SSJCZRQ1 | SSJCZBM7 | SSJCZRQ7
        B1  | 1    | V1    | 92.2400x003 | 20230508 | 99.2500  | -
        """,
    )
    expect(
        "cdm.procedure_occurrence",
        """
        procedure_occurrence_id | procedure_concept_id | procedure_date | procedure_source_value
        104410                  | 40480519             | 2023-05-08     | 92.2400x003
        104470                  | 4273629              | 2023-05-06     | 99.2500
        """,
    )


def test_an_examination_is_found_by_the_longest_known_wording(given, expect):
    given(
        "raw.RIS_BG",
        """
        JZLSH | JCLB  | JCXMMC      | JCBW | JCSJ                | BGZT
        V1    | CT    | 胸部CT增强  | 胸部 | 2023-05-08 09:00:00 | 3
        V1    | CT    | -           | 胸部 | 2023-05-08 09:30:00 | 4
        V1    | PETCT | 全身PET/CT  | 全身 | 2023-05-09 09:00:00 | 3
        V1    | 其他  | 某某检查    | -    | 2023-05-10 09:00:00 | 3
        """,
    )
    expect(
        "cdm.procedure_occurrence",
        """
        procedure_occurrence_id | procedure_concept_id | procedure_type_concept_id | procedure_source_value
        111000                  | 4327032              | 32841                     | CT 胸部CT增强
        211000                  | 4058335              | 32841                     | CT 胸部
        311000                  | 36685442             | 32841                     | PETCT 全身PET/CT
        411000                  | 0                    | 32841                     | 其他 某某检查
        """,
    )


def test_a_preliminary_or_withdrawn_report_is_no_examination(given, expect):
    given(
        "raw.RIS_BG",
        """
        JZLSH | JCLB | JCXMMC     | JCSJ       | BGZT | fate
        V1    | CT   | 胸部CT增强 | 2023-05-08 | 1    | current
        V1    | CT   | 胸部CT增强 | 2023-05-08 | 9    | void
        """,
    )
    expect("cdm.procedure_occurrence", "procedure_occurrence_id")
    expect("stage.imaging_report", "row_id | reject_reason \n 1 | not a final report")


def test_an_examination_without_its_time_takes_that_of_its_report(given, expect):
    given("raw.RIS_BG", "JZLSH | JCLB | BGSJ | BGZT \n V1 | CT | 2023-05-08 15:00:00 | 3")
    expect("cdm.procedure_occurrence", "procedure_datetime \n 2023-05-08 15:00:00")
