"""cdm.measurement: what was measured in which fluid, and what a result can be."""

import pytest

pytestmark = pytest.mark.usefixtures("admitted")


def result(given, *rows):
    """Rows of specimen, item code, item name, result and unit, each of a report of its own."""
    reports, results = [], []
    for number, row in enumerate(rows, 1):
        specimen, *rest = row
        reports.append(f"R{number} | V1 | {specimen} | 2023-05-07 07:30:00 | 2 | P{number}")
        results.append(" | ".join([f"R{number}", *rest]))
    header = "BGDH | JZLSH | BBMC | CJSJ | SHZT | JYXMMC"
    given("raw.LIS_BG", "\n".join([header, *reports]))
    given("raw.LIS_JG", "\n".join(["BGDH | ZBDM | ZBMC | JG | DW", *results]))


@pytest.mark.parametrize(
    ("specimen", "code", "name", "unit", "concept"),
    [
        ("血清", "GLU", "葡萄糖", "mmol/L", "3013826"),
        ("-", "GLU", "葡萄糖", "mmol/L", "3013826"),
        ("血清", "GLU", "葡萄糖", "mg/dL", "3004501"),
        ("尿液", "GLU", "葡萄糖", "-", "2000000175"),
        ("随机尿", "PRO", "尿蛋白", "-", "2000000174"),
        ("24小时尿", "-", "尿蛋白", "-", "2000000174"),
        ("脑脊液", "GLU", "葡萄糖", "mmol/L", "0"),
        ("血清", "K", "钾", "mmol/L", "3023103"),
        ("全血", "K", "钾", "mmol/L", "3005456"),
        ("全血", "WBC", "白细胞计数", "10^9/L", "3000905"),
        ("尿", "WBC", "白细胞", "个/μL", "2000000177"),
        ("血浆", "EBV-DNA", "EB病毒DNA定量", "copies/mL", "3050079"),
        ("全血", "EBV-DNA", "EB病毒DNA定量", "copies/mL", "3037329"),
        ("全血", "EBV-DNA", "EB病毒DNA定量", "IU/mL", "1001833"),
        ("鼻咽拭子", "EBV-DNA", "EB病毒DNA定量", "copies/mL", "0"),
        ("血浆", "X0815", "EB病毒DNA定量", "IU/mL", "3043849"),
        ("血浆", "EBV-DNA", "EB病毒DNA定量", "IU/毫升", "3043849"),
        ("血清", "HBV-DNA", "乙肝病毒DNA", "IU/mL", "3032567"),
        ("血清", "HBV-DNA", "乙肝病毒DNA", "拷贝/mL", "2000000347"),
        ("血清", "X0816", "肌酐", "mg/dL", "3016723"),
        ("血清", "FT3", "游离三碘甲状腺原氨酸", "pg/mL", "2000000348"),
        ("血清", "UA", "尿酸", "μmol/L", "2000000172"),
        ("血清", "UA", "尿酸", "mg/dL", "3037556"),
        ("血清", "CK-MB", "肌酸激酶同工酶", "U/L", "3029790"),
        ("血清", "CK-MB", "肌酸激酶同工酶", "ng/mL", "2000000154"),
    ],
)
def test_an_item_is_what_was_measured_in_which_fluid_and_unit(
    given, expect, specimen, code, name, unit, concept
):
    result(given, (specimen, code, name, "5.3", unit))
    expect("cdm.measurement", f"measurement_concept_id \n {concept}")


def test_an_unmapped_item_of_another_fluid_is_reported_with_its_fluid(given, expect):
    result(given, ("胸水", "LDH", "乳酸脱氢酶", "560", "U/L"))
    expect("stem.lab_result", "code | source_value \n 体液:LDH | 乳酸脱氢酶")


def test_a_negative_number_is_no_result_where_the_quantity_has_none(given, expect):
    result(
        given,
        ("血清", "ALT", "丙氨酸氨基转移酶", "-5", "U/L"),
        ("血清", "ALT", "丙氨酸氨基转移酶", "<-5", "U/L"),
        ("动脉血", "BE", "剩余碱", "-2.3", "mmol/L"),
        ("血清", "X9", "某某指标", "-1", "-"),
        ("血清", "ALT", "丙氨酸氨基转移酶", "0", "U/L"),
    )
    expect(
        "cdm.measurement",
        """
        measurement_concept_id | value_as_number | operator_concept_id | value_source_value
        3006923                | -               | -                   | -5
        3006923                | -               | -                   | <-5
        2000000173             | -2.3            | -                   | -2.3
        0                      | -               | -                   | -1
        3006923                | 0.0             | -                   | 0
        """,
    )


def test_numbers_that_were_dropped_are_counted_by_item(given, expect):
    result(
        given,
        ("血清", "ALT", "丙氨酸氨基转移酶", "-5", "U/L"),
        ("血清", "ALT", "丙氨酸氨基转移酶", "-7", "U/L"),
        ("血清", "ALT", "丙氨酸氨基转移酶", "溶血", "U/L"),
        ("动脉血", "BE", "剩余碱", "-2.3", "mmol/L"),
    )
    given("raw.HL_SMTZ", "JZLSH | CLSJ | XMDM | JG \n V1 | 2023-05-07 | XL | -80")
    expect(
        "stem.impossible_value",
        """
        source_no | vocabulary | code | result_count | person_count
        10        | npc_lab    | ALT  | 2            | 1
        16        | npc_vital  | XL   | 1            | 1
        """,
    )
