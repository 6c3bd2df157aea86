"""cdm.measurement from the ward, the front page and radiotherapy."""

import pytest

pytestmark = pytest.mark.usefixtures("admitted")


def test_vital_signs_are_physical_examinations(given, expect):
    given(
        "raw.HL_SMTZ",
        """
        JZLSH | CLSJ                | XMDM | JG    | DW
        V1    | 2023-05-07 06:00:00 | TW   | 36.8  | ℃
        V1    | 2023-05-07 06:00:00 | ssy  | 120   | mmHg
        """,
    )
    expect(
        "cdm.measurement",
        """
        measurement_id | measurement_concept_id | value_as_number | unit_concept_id | measurement_type_concept_id
        116000         | 3020891                | 36.8            | 586323          | 32836
        216000         | 3004249                | 120.0           | 8876            | 32836
        """,
    )


def test_a_weight_in_jin_is_half_as_many_kilograms(given, expect):
    given(
        "raw.HL_SMTZ",
        """
        JZLSH | CLSJ       | XMDM | JG    | DW
        V1    | 2023-05-07 | TZ   | 62.5  | kg
        V1    | 2023-05-08 | TZ   | 125   | 斤
        """,
    )
    expect(
        "cdm.measurement",
        """
        measurement_date | measurement_concept_id | value_as_number | unit_concept_id | value_source_value
        2023-05-07       | 3025315                | 62.5            | 9529            | 62.5
        2023-05-08       | 3025315                | 62.5            | 9529            | 125
        """,
    )


def test_a_height_in_metres_is_a_hundred_times_as_many_centimetres(given, expect):
    given("raw.HL_SMTZ", "JZLSH | CLSJ | XMDM | JG | DW \n V1 | 2023-05-07 | SG | 1.72 | m")
    expect(
        "cdm.measurement",
        "value_as_number | unit_concept_id | value_source_value \n 172.0 | 8582 | 1.72",
    )


def test_a_temperature_may_be_below_zero_and_a_pulse_may_not(given, expect):
    given(
        "raw.HL_SMTZ",
        "JZLSH | CLSJ | XMDM | JG \n V1 | 2023-05-07 | TW | -1.5 \n V1 | 2023-05-07 | XL | -80",
    )
    expect(
        "cdm.measurement",
        "value_as_number | value_source_value \n -1.5 | -1.5 \n - | -80",
    )


def test_a_patient_who_could_not_be_weighed_keeps_the_reason(given, expect):
    given("raw.HL_SMTZ", "JZLSH | CLSJ | XMDM | JG | DW \n V1 | 2023-05-07 | TZ | 卧床 | kg")
    expect(
        "cdm.measurement",
        "value_as_number | value_as_concept_id | value_source_value \n - | 0 | 卧床",
    )


def test_performance_status_is_a_number_and_ecog_an_answer_too(given, expect):
    given(
        "raw.HL_SMTZ",
        """
        JZLSH | CLSJ       | XMDM | JG
        V1    | 2023-05-07 | KPS  | 80
        V1    | 2023-05-08 | ECOG | 1
        V1    | 2023-05-09 | ECOG | 1分
        V1    | 2023-05-10 | KPS  | 80分
        V1    | 2023-05-11 | ECOG | ≥2
        V1    | 2023-05-12 | ECOG | 拒测
        V1    | 2023-05-13 | ECOG | 99999999999
        """,
    )
    expect(
        "cdm.measurement",
        """
        measurement_date | measurement_concept_id | value_as_number | value_as_concept_id
        2023-05-07       | 36303287               | 80.0            | -
        2023-05-08       | 36305384               | 1.0             | 36310827
        2023-05-09       | 36305384               | 1.0             | 36310827
        2023-05-10       | 36303287               | 80.0            | -
        2023-05-11       | 36305384               | 2.0             | -
        2023-05-12       | 36305384               | -               | 0
        2023-05-13       | 36305384               | 99999999999.0   | -
        """,
    )


def test_a_vital_sign_without_a_time_or_a_visit_is_rejected(given, expect):
    given(
        "raw.HL_SMTZ",
        "JZLSH | CLSJ | XMDM | JG \n V1 | - | TW | 36.8 \n V9 | 2023-05-07 | TW | 36.8",
    )
    expect("cdm.measurement", "measurement_id")
    expect(
        "stage.vital_sign",
        "row_id | reject_reason \n 1 | no time of measurement \n 2 | no such visit",
    )


def test_stage_and_response_are_dated_by_the_discharge_and_keep_their_edition(given, expect):
    given(
        "raw.BA_ZLFY",
        "JZLSH | ZLFQLX | FQT | FQN | FQM | FQ | LX \n V1 | AJCC8 | rT0 | N2 | M1 | IVB | PR",
    )
    expect(
        "cdm.measurement",
        """
        measurement_id | measurement_concept_id | measurement_source_value | measurement_date
        105000         | 1634213                | AJCC8 rT0                | 2023-05-20
        105010         | 1634119                | AJCC8 N2                 | 2023-05-20
        105020         | 1635142                | AJCC8 M1                 | 2023-05-20
        105030         | 1633987                | AJCC8 IVB                | 2023-05-20
        105040         | 1633368                | AJCC8 PR                 | 2023-05-20
        """,
    )


@pytest.mark.parametrize("written", ["T3", "cT3", "pT3", "ypT3", "ｔ３"])
def test_how_a_tumour_was_staged_stays_in_the_source_value(given, expect, written):
    given("raw.BA_ZLFY", f"JZLSH | FQT \n V1 | {written}")
    expect(
        "cdm.measurement",
        f"measurement_concept_id | measurement_source_value \n 1634376 | {written}",
    )


def test_delivered_dose_and_fractions_of_plan_and_course_are_measured_at_the_last_fraction(
    given, expect
):
    given(
        "raw.FL_JH",
        "JHID | HZID | LCID | JHMC | BQMC | JS | CFJL | JLDW \n"
        "P1 | H1 | C1 | NPC_IMRT | PGTVnx | IMRT | 7000 | cGy",
    )
    given(
        "raw.FL_FC",
        """
        JHID | ZLSJ                | SCJL | ZLZT
        P1   | 2023-05-08 09:00:00 | 2.12 | COMPLETED
        P1   | 2023-05-09 09:00:00 | 212  | COMPLETED
        P1   | 2023-05-10 09:00:00 | 1.06 | PARTIAL
        P1   | 2023-05-11 09:00:00 | 2.12 | CANCELLED
        """,
    )
    expect(
        "cdm.measurement",
        """
        measurement_id | measurement_concept_id | measurement_date | value_as_number | unit_concept_id | measurement_source_value
        114000         | 2000000036             | 2023-05-10       | 5.3             | 9519            | C1 NPC_IMRT PGTVnx
        114010         | 2000000037             | 2023-05-10       | 3.0             | -               | C1 NPC_IMRT PGTVnx
        115010         | 2000000036             | 2023-05-10       | 5.3             | 9519            | C1 NPC_IMRT PGTVnx
        115020         | 2000000037             | 2023-05-10       | 3.0             | -               | C1 NPC_IMRT PGTVnx
        """,
    )


@pytest.mark.parametrize(
    ("dose", "unit", "gy"),
    [("70", "Gy", "70.0"), ("7000", "cGy", "70.0"), ("7000", "-", "70.0"), ("7000", "CGY", "70.0")],
)
def test_a_prescribed_dose_is_in_gy_whatever_unit_it_came_in(given, expect, dose, unit, gy):
    given("raw.FL_JH", f"JHID | HZID | CFJL | JLDW \n P1 | H1 | {dose} | {unit}")
    expect("stage.rt_plan", f"prescribed_gy \n {gy}")
