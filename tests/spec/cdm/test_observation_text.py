"""cdm.observation: what a note tells of the past, dated by the note, never as an exposure."""

import pytest

pytestmark = pytest.mark.usefixtures("admitted")

COLUMNS = (
    "observation_concept_id | observation_date | observation_type_concept_id | value_as_string"
)


def note(given, text):
    given(
        "raw.EMR_WS",
        f"JZLSH | WSLX | WSBT | JLSJ | WSNR | WSZT \n V1 | 入院记录 | - | 2023-05-07 09:00:00 | {text} | 2",
    )


def test_a_checkpoint_inhibitor_given_elsewhere_is_history_with_its_date_as_told(given, expect):
    note(given, "2020年8月于外院行卡瑞利珠单抗治疗2周期。")
    expect(
        "cdm.observation",
        f"""
        {COLUMNS} | value_as_concept_id
        2000000046 | 2023-05-07 | 32858 | 2020-08 | 2000000398
        """,
    )
    expect("cdm.drug_exposure", "drug_exposure_id")


def test_radiotherapy_told_has_its_end_and_its_dose_points_at_it(given, expect):
    note(given, "2019年3月在外院完成鼻咽癌根治性放疗，剂量DT 70Gy/33F。")
    expect(
        "cdm.observation",
        f"observation_id | {COLUMNS} \n 113010 | 2000000391 | 2023-05-07 | 32858 | 2019-03",
    )
    expect(
        "cdm.measurement",
        """
        measurement_concept_id | value_as_number | unit_concept_id | measurement_event_id | meas_event_field_concept_id
        2000000036             | 70.0            | 9519            | 113010               | 1147165
        2000000037             | 33.0            | -               | 113010               | 1147165
        """,
    )


@pytest.mark.parametrize(
    ("text", "concept"),
    [
        ("2022年10月入组PD-1临床试验。", 2000000050),
        ("患者拒绝参加临床试验。", 2000000393),
        ("拟参加临床试验，筛选失败。", 2000000394),
    ],
)
def test_a_trial_is_taken_part_in_declined_or_failed_at_screening(given, expect, text, concept):
    note(given, text)
    expect("cdm.observation", f"observation_concept_id \n {concept}")


def test_a_recurrence_is_told_by_its_site(given, expect):
    note(given, "2021年6月复查提示鼻咽局部复发。")
    expect("cdm.observation", f"{COLUMNS} \n 2000000041 | 2023-05-07 | 32858 | 2021-06")


@pytest.mark.parametrize("text", ["未见复发征象。", "不除外鼻咽复发。", "父亲因鼻咽癌复发去世。"])
def test_what_is_denied_possible_or_another_persons_is_not_told_of_the_patient(given, expect, text):
    note(given, text)
    expect("cdm.observation", "observation_id")


def test_an_immune_related_adverse_event_is_marked(given, expect):
    note(given, "免疫性肺炎2级，停用特瑞普利单抗。")
    expect(
        "cdm.observation",
        """
        observation_concept_id | observation_event_id | obs_event_field_concept_id
        2000000387             | 113040               | 1147127
        """,
    )


def test_said_twice_in_one_note_it_is_one(given, expect):
    note(given, "鼻咽局部复发。诊断：鼻咽癌，鼻咽局部复发。")
    expect("cdm.observation", "observation_concept_id \n 2000000041")


def test_a_follow_up_tells_the_progression_by_month(given, expect):
    given(
        "raw.SF_SFJL",
        "EMPI_ID | SFRQ | SCZT | JZQK \n E1 | 2023-11-06 | - | 2022年11月疾病进展",
    )
    expect(
        "cdm.observation",
        f"""
        {COLUMNS}
        0       | 2023-11-06 | 32817 | 2022年11月疾病进展
        1617595 | 2023-11-06 | 32858 | 2022-11
        """,
    )
