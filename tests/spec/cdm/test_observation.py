"""cdm.observation: what is known beside conditions, treatments and measurements."""

import pytest

pytestmark = pytest.mark.usefixtures("admitted")


def test_a_follow_up_contact_tells_the_survival_status(given, expect):
    given(
        "raw.SF_SFJL",
        """
        EMPI_ID | SFRQ       | SCZT | JZQK
        E1      | 2023-11-06 | 1    | 2022.11肺部病灶增大
        E1      | 2024-02-01 | 2    | -
        E1      | 2024年3月  | 3    | -
        """,
    )
    expect(
        "cdm.observation",
        """
        observation_id | observation_concept_id | observation_date | value_as_string     | visit_occurrence_id
        118000         | 2000000051             | 2023-11-06       | 2022.11肺部病灶增大 | -
        118010         | 1617595                | 2023-11-06       | 2022-11             | -
        218000         | 4306655                | 2024-02-01       | -                   | -
        318000         | 4163894                | 2024-03-01       | -                   | -
        """,
    )


def test_a_contact_without_a_date_or_with_a_stranger_is_rejected(given, expect):
    given(
        "raw.SF_SFJL",
        "EMPI_ID | SFRQ | SCZT \n E1 | - | 1 \n E9 | 2023-11-06 | 1",
    )
    expect("cdm.observation", "observation_id")
    expect(
        "stage.follow_up",
        "row_id | reject_reason \n 1 | no date of contact \n 2 | no such patient",
    )


def test_a_history_told_by_a_code_is_no_treatment_and_no_condition(given, expect):
    given("raw.ZD_ZDJL", "JZLSH | ZDLB | ZDBM | ZDMC \n V1 | 4 | Z92.300 | 辐射照射个人史")
    expect("cdm.condition_occurrence", "condition_occurrence_id")
    expect("cdm.procedure_occurrence", "procedure_occurrence_id")
    expect(
        "cdm.observation",
        """
        observation_concept_id | observation_date | observation_source_value
        2000000044             | 2023-05-06       | Z92.300
        """,
    )


def test_an_event_of_a_domain_without_a_table_is_an_observation(given, expect):
    given(
        "vocabulary.code_map",
        """
        source_vocabulary_id | source_code | target_no | concept_id | domain_id
        npc_icd9cm3          | 99.29       | 0         | 4217013    | Device
        """,
    )
    given("raw.BA_SY", "BAH | ZYCS | JZLSH | SSJCZBM1 \n B1 | 1 | V1 | 99.2900")
    expect("cdm.procedure_occurrence", "procedure_occurrence_id")
    expect("cdm.observation", "observation_id | observation_concept_id \n 104410 | 4217013")


@pytest.mark.parametrize(
    ("written", "day", "precision"),
    [("2023年10月", "2023-10-31", "month"), ("2023年", "2023-12-31", "year")],
)
def test_a_death_known_to_the_month_keeps_its_precision_beside_it(
    given, expect, written, day, precision
):
    given("raw.SF_SFJL", f"EMPI_ID | SFRQ | SCZT | SWRQ \n E1 | 2024-03-06 | 2 | {written}")
    expect(
        "cdm.observation",
        f"""
        observation_id | observation_concept_id | observation_date | value_as_string | observation_source_value
        118000         | 4306655                | 2024-03-06       | -               | SCZT:2
        118500         | 2000000255             | {day}            | {precision}     | date of death: {precision}
        """,
    )


def test_a_death_known_to_the_day_has_nothing_beside_it(given, expect):
    given("raw.SF_SFJL", "EMPI_ID | SFRQ | SCZT | SWRQ \n E1 | 2024-03-06 | 2 | 2023-10-02")
    expect("cdm.observation", "observation_id \n 118000")


def test_sources_that_disagree_on_the_death_are_on_record(given, expect):
    given(
        "raw.SF_SFJL",
        """
        EMPI_ID | SFRQ       | SCZT | SWRQ
        E1      | 2023-11-06 | 2    | 2023-10-02
        E1      | 2024-01-06 | 2    | 2023-12-02
        """,
    )
    expect(
        "cdm.observation",
        """
        observation_id | observation_concept_id | observation_date | observation_source_value
        118000         | 4306655                | 2023-11-06       | SCZT:2
        218000         | 4306655                | 2024-01-06       | SCZT:2
        118510         | 2000000256             | 2023-10-02       | date of death: conflict
        """,
    )
