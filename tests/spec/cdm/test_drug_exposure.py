"""cdm.drug_exposure: what was given, never what was ordered or billed."""

import pytest

pytestmark = pytest.mark.usefixtures("admitted")


def order(given, *rows):
    header = "YZH | YZZH | JZLSH | YZLB | YZMC | GG | YCJL | JLDW | GYTJ | KZSJ"
    given("raw.YZ_YZJL", "\n".join([header, *rows]))


def execute(given, *rows):
    given("raw.YZ_ZXJL", "\n".join(["YZH | SJZXSJ | ZXZT | SJJL", *rows]))


TORIPALIMAB = (
    "O1 | - | V1 | 西药 | 特瑞普利单抗注射液(拓益) 240mg | 240mg:6ml"
    " | 240 | mg | ivgtt | 2023-05-07"
)


def test_an_executed_order_is_an_administration_that_ends_on_its_day(given, expect):
    order(given, TORIPALIMAB)
    execute(given, "O1 | 2023-05-07 10:12:00 | 1 | 240")
    expect(
        "cdm.drug_exposure",
        """
        drug_exposure_id | drug_concept_id | drug_exposure_start_datetime | drug_exposure_end_date | drug_type_concept_id | quantity | dose_unit_source_value | route_concept_id | visit_occurrence_id
        107000           | 747052          | 2023-05-07 10:12:00          | 2023-05-07             | 32818                | 240.0    | mg                     | 4171047          | 102000
        """,
    )


def test_an_order_that_was_never_executed_is_no_exposure(given, expect):
    order(given, TORIPALIMAB)
    expect("cdm.drug_exposure", "drug_exposure_id")
    expect("stem.medical_order", "row_id | not_carried_reason \n 1 | never executed")


@pytest.mark.parametrize(
    ("status", "executed_at"),
    [
        ("0", "-"),
        ("2", "2023-05-07 10:12:00"),
        ("3", "2023-05-07 10:12:00"),
        ("1", "-"),
        ("-", "-"),
    ],
)
def test_an_execution_not_done_not_used_returned_or_undated_is_no_exposure(
    given, expect, status, executed_at
):
    order(given, TORIPALIMAB)
    execute(given, f"O1 | {executed_at} | {status} | 240")
    expect("cdm.drug_exposure", "drug_exposure_id")
    expect("stem.order_execution", "row_id | not_carried_reason \n 1 | not executed")


def test_a_voided_order_takes_its_executions_with_it(given, expect):
    given(
        "raw.YZ_YZJL",
        """
        YZH | JZLSH | YZLB | YZMC                | YCJL | JLDW | YZZT | fate
        O1  | V1    | 西药 | 特瑞普利单抗注射液  | 240  | mg   | 9    | void
        """,
    )
    execute(given, "O1 | 2023-05-07 10:12:00 | 1 | 240", "O9 | 2023-05-07 10:12:00 | 1 | 240")
    expect("cdm.drug_exposure", "drug_exposure_id")
    expect(
        "stage.order_execution", "row_id | reject_reason \n 1 | order voided \n 2 | no such order"
    )


def test_own_and_donated_supplies_are_exposures_though_nobody_pays(given, expect):
    given(
        "raw.YZ_YZJL",
        """
        YZH | JZLSH | YZLB | YZMC                       | ZBBZ | YCJL | JLDW
        O1  | V1    | 西药 | 信迪利单抗注射液（自备药） | 0    | 200  | mg
        O2  | V1    | 西药 | 卡瑞利珠单抗(赠药)         | 0    | 200  | mg
        O3  | V1    | 西药 | 替雷利珠单抗注射液         | 1    | 200  | mg
        """,
    )
    execute(
        given,
        "O1 | 2023-05-07 10:00:00 | 1 | 200",
        "O2 | 2023-05-08 10:00:00 | 1 | 200",
        "O3 | 2023-05-09 10:00:00 | 1 | 200",
    )
    expect("cdm.drug_exposure", "drug_concept_id \n 36854475 \n 36853469 \n 42609339")
    expect(
        "stage.medical_order",
        "order_key | is_own_supply \n O1 | true \n O2 | true \n O3 | true",
    )


def test_a_charge_alone_is_no_exposure(given, expect):
    given("raw.SF_FYMX", "JZLSH | XMMC | SL | FYSJ \n V1 | 特瑞普利单抗注射液 | 1 | 2023-05-07")
    expect("cdm.drug_exposure", "drug_exposure_id")
    expect(
        "stem.charge",
        "row_id | not_carried_reason \n 1 | charges are outside this CDM's scope",
    )


def test_a_discharge_drug_is_a_prescription_for_thirty_days_from_its_order(given, expect):
    given(
        "raw.YZ_YZJL",
        """
        YZH | JZLSH | YZLB     | YZMC       | KZSJ                | CYDYBZ
        O1  | V1    | 出院带药 | 卡培他滨片 | 2023-05-20 09:00:00 | 0
        O2  | V1    | 西药     | 卡培他滨片 | 2023-05-20 09:00:00 | 1
        O3  | V1    | 西药     | 卡培他滨片 | 2023-05-20 09:00:00 | 0
        """,
    )
    execute(given, "O1 | 2023-05-20 09:30:00 | 1 | -")
    expect(
        "cdm.drug_exposure",
        """
        drug_exposure_id | drug_type_concept_id | drug_exposure_start_date | drug_exposure_end_date
        106000           | 32838                | 2023-05-20               | 2023-06-18
        206000           | 32838                | 2023-05-20               | 2023-06-18
        """,
    )
    expect(
        "stem.order_execution",
        "row_id | not_carried_reason \n 1 | discharge drug, carried by its order",
    )


@pytest.mark.parametrize(
    ("instruction", "stop", "end", "days"),
    [
        ("共14天", "-", "2023-06-02", "14"),
        ("口服14天休7天", "-", "2023-06-02", "14"),
        ("７日量", "-", "2023-05-26", "7"),
        ("第3周期D1", "-", "2023-06-18", "-"),
        ("-", "2023-06-03 17:00:00", "2023-06-03", "-"),
        ("-", "2023-05-20 10:00:00", "2023-06-18", "-"),
    ],
)
def test_a_discharge_drug_lasts_the_days_stated_or_until_a_stop_after_the_discharge(
    given, expect, instruction, stop, end, days
):
    given(
        "raw.YZ_YZJL",
        f"""
        YZH | JZLSH | YZLB     | YZMC       | KZSJ                | TZSJ   | YSZT
        O1  | V1    | 出院带药 | 卡培他滨片 | 2023-05-20 09:00:00 | {stop} | {instruction}
        """,
    )
    expect("cdm.drug_exposure", f"drug_exposure_end_date | days_supply \n {end} | {days}")


def test_the_amount_of_a_prescription_needs_dose_times_and_days(given, expect):
    given(
        "raw.YZ_YZJL",
        """
        YZH | JZLSH | YZLB     | YZMC       | YCJL | JLDW | PC  | KZSJ       | YSZT
        O1  | V1    | 出院带药 | 卡培他滨片 | 1.5  | g    | BID | 2023-05-20 | 共14天
        O2  | V1    | 出院带药 | 卡培他滨片 | 1.5  | g    | BID | 2023-05-20 | 餐后
        """,
    )
    expect(
        "cdm.drug_exposure",
        """
        quantity | dose_unit_source_value | sig
        42000.0  | mg                     | 1.500g BID 共14天
        -        | mg                     | 1.500g BID 餐后
        """,
    )


def test_frequency_and_instruction_are_kept_as_written(given, expect):
    given(
        "raw.YZ_YZJL",
        "YZH | JZLSH | YZLB | YZMC | PC | YSZT \n O1 | V1 | 西药 | 顺铂注射液 | ST | 第3周期D1",
    )
    execute(given, "O1 | 2023-05-07 10:00:00 | 1 | 30")
    expect("cdm.drug_exposure", "sig \n ST 第3周期D1")


def test_tests_care_and_procedures_are_no_drugs(given, expect):
    given(
        "raw.YZ_YZJL",
        """
        YZH | JZLSH | YZLB | YZMC
        O1  | V1    | 检验 | 血常规
        O2  | V1    | 护理 | 二级护理
        """,
    )
    execute(given, "O1 | 2023-05-07 10:00:00 | 1 | -", "O2 | 2023-05-07 10:00:00 | 1 | -")
    expect("cdm.drug_exposure", "drug_exposure_id")
    expect(
        "stem.medical_order",
        "row_id | not_carried_reason \n 1 | not a drug order \n 2 | not a drug order",
    )


def test_an_order_without_a_category_may_be_a_drug(given, expect):
    given("raw.YZ_YZJL", "YZH | JZLSH | YZMC \n O1 | V1 | 特瑞普利单抗注射液")
    execute(given, "O1 | 2023-05-07 10:00:00 | 1 | 240")
    expect("cdm.drug_exposure", "drug_concept_id \n 747052")


def test_a_drug_of_several_ingredients_is_several_exposures_dosed_by_the_first(given, expect):
    given(
        "raw.YZ_YZJL",
        """
        YZH | JZLSH | YZLB | YZMC       | GG   | YCJL | JLDW
        O1  | V1    | 西药 | 替吉奥胶囊 | 20mg | 2    | 粒
        """,
    )
    execute(given, "O1 | 2023-05-07 10:00:00 | 1 | 2")
    expect(
        "cdm.drug_exposure",
        """
        drug_exposure_id | drug_concept_id | quantity | drug_source_value
        107000           | 19056756        | 40.0     | 替吉奥胶囊
        107001           | 36878778        | -        | 替吉奥胶囊
        107002           | 36878777        | -        | 替吉奥胶囊
        """,
    )


def test_an_unknown_drug_is_kept_with_concept_0(given, expect):
    given("raw.YZ_YZJL", "YZH | JZLSH | YZLB | YZMC \n O1 | V1 | 西药 | 某某单抗注射液")
    execute(given, "O1 | 2023-05-07 10:00:00 | 1 | 1")
    expect(
        "cdm.drug_exposure",
        """
        drug_concept_id | drug_source_value | route_concept_id
        0               | 某某单抗注射液    | 0
        """,
    )
