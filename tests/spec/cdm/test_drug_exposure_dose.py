"""cdm.drug_exposure: how much was given, per order group and day (trap 17)."""

import pytest

pytestmark = pytest.mark.usefixtures("admitted")

TORIPALIMAB = (
    "O1 | - | V1 | 西药 | 特瑞普利单抗注射液(拓益) 240mg | 240mg:6ml"
    " | 240 | mg | ivgtt | 2023-05-07"
)


def order(given, *rows):
    header = "YZH | YZZH | JZLSH | YZLB | YZMC | GG | YCJL | JLDW | GYTJ | KZSJ"
    given("raw.YZ_YZJL", "\n".join([header, *rows]))


def execute(given, *rows):
    given("raw.YZ_ZXJL", "\n".join(["YZH | SJZXSJ | ZXZT | SJJL", *rows]))


def test_a_dose_split_over_rows_of_one_group_is_summed_per_day_into_the_first(given, expect):
    order(
        given,
        "O1 | G1 | V1 | 西药 | 特瑞普利单抗注射液 | 80mg:2ml  | 2   | 支 | 静滴 | 2023-05-07",
        "O2 | G1 | V1 | 西药 | 特瑞普利单抗注射液 | 240mg:6ml | 0.08 | g | 静滴 | 2023-05-07",
        "O3 | G1 | V1 | 西药 | 0.9%氯化钠注射液   | 100ml     | 100 | ml | 静滴 | 2023-05-07",
    )
    execute(
        given,
        "O1 | 2023-05-07 10:00:00 | 1 | -",
        "O2 | 2023-05-07 10:05:00 | 1 | -",
        "O3 | 2023-05-07 10:05:00 | 1 | -",
        "O1 | 2023-05-14 10:00:00 | 1 | -",
    )
    expect(
        "cdm.drug_exposure",
        """
        drug_exposure_id | drug_concept_id | drug_exposure_start_date | quantity | dose_unit_source_value
        107000           | 747052          | 2023-05-07               | 240.0    | mg
        307000           | 2000000054      | 2023-05-07               | 100.0    | ml
        407000           | 747052          | 2023-05-14               | 160.0    | mg
        """,
    )
    expect(
        "stem.order_execution",
        """
        row_id | not_carried_reason
        1      | -
        2      | part of a split dose, summed into its first row
        3      | -
        4      | -
        """,
    )


@pytest.mark.parametrize(
    ("strength", "dose", "unit", "quantity", "quantity_unit"),
    [
        ("240mg:6ml", "240", "mg", "240.0", "mg"),
        ("240mg:6ml", "1", "支", "240.0", "mg"),
        ("240mg:6ml", "6", "ml", "240.0", "mg"),
        ("0.2g", "5", "瓶", "1000.0", "mg"),
        ("-", "1.6", "g", "1600.0", "mg"),
        ("100mg(10ml)", "４", "ML", "40.0", "mg"),
        ("-", "2", "支", "2.0", "支"),
        ("5%:500ml", "500", "ml", "25000.0", "mg"),
        ("500ml", "1", "瓶", "500.0", "ml"),
        ("10万IU", "3", "支", "300000.0", "IU"),
        ("-", "80", "毫克", "80.0", "mg"),
    ],
)
def test_an_amount_is_in_mg_where_unit_and_strength_tell_it(
    given, expect, strength, dose, unit, quantity, quantity_unit
):
    order(
        given, f"O1 | - | V1 | 西药 | 顺铂注射液 | {strength} | {dose} | {unit} | 静滴 | 2023-05-07"
    )
    execute(given, "O1 | 2023-05-07 10:00:00 | 1 | -")
    expect(
        "cdm.drug_exposure",
        f"quantity | dose_unit_source_value \n {quantity} | {quantity_unit}",
    )


def test_the_amount_given_counts_not_the_amount_ordered(given, expect):
    order(given, TORIPALIMAB)
    execute(given, "O1 | 2023-05-07 10:00:00 | 1 | 120")
    expect("cdm.drug_exposure", "quantity \n 120.0")


@pytest.mark.parametrize(
    ("strength", "ordered", "unit", "given_dose", "quantity", "quantity_unit"),
    [
        ("240mg:6ml", "0.24", "g", "240", "240.0", "mg"),
        ("240mg:6ml", "1", "支", "240", "240.0", "mg"),
        ("30mg:6ml", "26", "ml", "130", "130.0", "mg"),
        ("30mg:6ml", "26", "ml", "13", "65.0", "mg"),
        ("100mg", "2", "支", "1", "100.0", "mg"),
        ("200mg", "5", "ml", "200", "5.0", "ml"),
        ("200mg", "5", "ml", "4", "4.0", "ml"),
    ],
)
def test_the_dose_given_is_in_the_orders_unit_or_in_mg_whichever_is_nearer_to_the_order(
    given, expect, strength, ordered, unit, given_dose, quantity, quantity_unit
):
    order(
        given,
        f"O1 | - | V1 | 西药 | 顺铂注射液 | {strength} | {ordered} | {unit} | 静滴 | 2023-05-07",
    )
    execute(given, f"O1 | 2023-05-07 10:00:00 | 1 | {given_dose}")
    expect(
        "cdm.drug_exposure",
        f"quantity | dose_unit_source_value \n {quantity} | {quantity_unit}",
    )


def test_doses_of_one_order_over_a_day_are_summed_and_those_of_another_day_are_not(given, expect):
    order(given, "O1 | G1 | V1 | 西药 | 地塞米松磷酸钠注射液 | 5mg:1ml | 5 | mg | iv | 2023-05-07")
    execute(
        given,
        "O1 | 2023-05-07 08:00:00 | 1 | 5",
        "O1 | 2023-05-07 20:00:00 | 1 | 5",
        "O1 | 2023-05-07 23:00:00 | 2 | 5",
        "O1 | 2023-05-08 08:00:00 | 1 | 5",
    )
    expect(
        "cdm.drug_exposure",
        """
        drug_exposure_id | drug_exposure_start_date | quantity
        107000           | 2023-05-07               | 10.0
        407000           | 2023-05-08               | 5.0
        """,
    )


def test_parts_of_a_dose_in_units_that_do_not_meet_leave_the_amount_unknown(given, expect):
    order(
        given,
        "O1 | G1 | V1 | 西药 | 顺铂注射液 | -    | 2  | 支 | 静滴 | 2023-05-07",
        "O2 | G1 | V1 | 西药 | 顺铂注射液 | 30mg | 30 | mg | 静滴 | 2023-05-07",
    )
    execute(given, "O1 | 2023-05-07 10:00:00 | 1 | -", "O2 | 2023-05-07 10:00:00 | 1 | -")
    expect("cdm.drug_exposure", "quantity | dose_unit_source_value \n - | -")


@pytest.mark.parametrize(
    ("written", "route"),
    [
        ("静滴", "4171047"),
        ("iv gtt", "4171047"),
        ("ＩＶＧＴＴ", "4171047"),
        ("ivggt", "4171047"),
        ("静脉滴住", "4171047"),
        ("I.V.", "4171047"),
        ("P.O.", "4132161"),
        ("ih", "4142048"),
        ("某途径", "0"),
    ],
)
def test_a_route_is_one_concept_in_every_spelling(given, expect, written, route):
    order(given, f"O1 | - | V1 | 西药 | 顺铂注射液 | 30mg | 30 | mg | {written} | 2023-05-07")
    execute(given, "O1 | 2023-05-07 10:00:00 | 1 | -")
    expect("cdm.drug_exposure", f"route_concept_id | route_source_value \n {route} | {written}")
