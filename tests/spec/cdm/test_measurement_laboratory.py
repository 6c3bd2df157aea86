"""cdm.measurement from the laboratory: operator, number, word and unit, as they were written."""

import pytest

pytestmark = pytest.mark.usefixtures("admitted")


def report(given, *rows):
    header = "row_id | BGDH | JZLSH | HZID | JYXMMC | BBMC | CJSJ | BGSJ | SHZT | fate"
    given("raw.LIS_BG", "\n".join([header, *rows]))


def result(given, *rows):
    given("raw.LIS_JG", "\n".join(["BGDH | ZBDM | ZBMC | JG | DW | CKFW", *rows]))


BLOOD = "1 | R1 | V1 | - | 血常规 | 全血 | 2023-05-07 07:30:00 | 2023-05-08 16:00:00 | 2 | current"


def test_a_result_is_placed_by_its_sampling_time_not_by_its_report(given, expect):
    report(given, BLOOD)
    result(given, "R1 | NEUT# | 中性粒细胞绝对值 | 3.20 | 10^9/L | 1.8-6.3")
    expect(
        "cdm.measurement",
        """
        measurement_id | measurement_concept_id | measurement_datetime | value_as_number | unit_concept_id | range_low | range_high | measurement_type_concept_id | value_source_value | visit_occurrence_id
        110000         | 3013650                | 2023-05-07 07:30:00  | 3.2             | 9444            | 1.8       | 6.3        | 32856                       | 3.20               | 102000
        """,
    )


def test_a_report_without_a_sampling_time_is_placed_by_the_report(given, expect):
    report(given, "1 | R1 | V1 | - | 血常规 | 全血 | - | 2023-05-08 16:00:00 | 2 | current")
    result(given, "R1 | WBC | 白细胞计数 | 5 | 10^9/L | -")
    expect("cdm.measurement", "measurement_datetime \n 2023-05-08 16:00:00")


@pytest.mark.parametrize(
    ("text", "operator", "number", "concept"),
    [
        ("<400", "4171756", "400.0", "-"),
        ("＜400", "4171756", "400.0", "-"),
        ("> 1000", "4172704", "1000.0", "-"),
        ("≥90", "4171755", "90.0", "-"),
        ("<=0.05", "4171754", "0.05", "-"),
        ("4.60E+03", "-", "4600.0", "-"),
        ("4.6×10^3", "-", "4600.0", "-"),
        ("1,250", "-", "1250.0", "-"),
        ("阴性(-)", "-", "-", "9189"),
        ("阴性（－）", "-", "-", "9189"),
        ("未检出", "-", "-", "9189"),
        ("3+", "-", "-", "9191"),
        ("阳性(+)", "-", "-", "9191"),
        ("1:80", "-", "-", "2000000220"),
        ("<1:80", "4171756", "-", "2000000220"),
        ("++", "-", "-", "9191"),
        ("±", "-", "-", "2000000211"),
        ("阳性 12.5", "-", "12.5", "9191"),
        ("约5.0", "0", "5.0", "-"),
        ("见报告", "-", "-", "0"),
        ("溶血", "-", "-", "0"),
    ],
)
def test_operator_number_and_coded_value_are_kept_apart_and_the_text_always(
    given, expect, text, operator, number, concept
):
    report(given, BLOOD)
    result(given, f"R1 | EBV-DNA | EB病毒DNA定量 | {text} | copies/mL | <400")
    expect(
        "cdm.measurement",
        f"""
        operator_concept_id | value_as_number | value_as_concept_id | value_source_value
        {operator}          | {number}        | {concept}           | {text}
        """,
    )


@pytest.mark.parametrize(
    "unit", ["10^9/L", "10*9/L", "10⁹/L", "×10E9/L", "×10^9/L", "x10^9/L", "10^9／L", "G/L"]
)
def test_a_unit_is_one_concept_in_every_spelling(given, expect, unit):
    report(given, BLOOD)
    result(given, f"R1 | WBC | 白细胞计数 | 5.1 | {unit} | -")
    expect("cdm.measurement", f"unit_concept_id | unit_source_value \n 9444 | {unit}")


def test_g_per_litre_of_albumin_is_grams_and_of_cells_is_billions(given, expect):
    report(given, BLOOD)
    result(
        given,
        "R1 | ALB | 白蛋白 | 42 | g/L | -",
        "R1 | PLT | 血小板计数 | 215 | G/L | -",
        "R1 | -   | 中性粒细胞绝对值 | 3.2 | G/L | -",
    )
    expect(
        "cdm.measurement",
        """
        measurement_source_value | unit_concept_id
        白蛋白                   | 8636
        血小板计数               | 9444
        中性粒细胞绝对值         | 9444
        """,
    )


def test_an_unknown_unit_keeps_its_text(given, expect):
    report(given, BLOOD)
    result(
        given, "R1 | WBC | 白细胞计数 | 5.1 | 个/视野 | - \n R1 | WBC | 白细胞计数 | 5.1 | - | -"
    )
    expect(
        "cdm.measurement",
        "measurement_id | unit_source_value \n 110000 | 个/视野 \n 210000 | -",
    )


def test_ebv_dna_in_copies_and_in_units_are_two_quantities(given, expect):
    report(given, BLOOD.replace("全血", "血浆"))
    result(
        given,
        "R1 | EBV-DNA | EB病毒DNA定量 | 4.60E+03 | copies/mL | -",
        "R1 | EBV-DNA | EB病毒DNA定量 | 4.60E+03 | 拷贝/mL   | -",
        "R1 | EBV-DNA | EB病毒DNA定量 | 4.60E+03 | IU/mL     | -",
    )
    expect(
        "cdm.measurement",
        """
        measurement_id | measurement_concept_id | unit_concept_id
        110000         | 3050079                | 8799
        210000         | 3050079                | 8799
        310000         | 3043849                | 8985
        """,
    )


def test_creatinine_by_mass_is_another_measurement_than_by_moles(given, expect):
    report(given, BLOOD)
    result(given, "R1 | CREA | 肌酐 | 76 | μmol/L | -", "R1 | CREA | 肌酐 | 0.9 | mg/dL | -")
    expect(
        "cdm.measurement",
        """
        measurement_concept_id | value_as_number | unit_concept_id
        3020564                | 76.0            | 8749
        3016723                | 0.9             | 8840
        """,
    )


def test_an_item_with_an_unknown_code_is_found_by_its_name(given, expect):
    report(given, BLOOD)
    result(given, "R1 | X0815 | 血红蛋白 | 138 | g/L | -", "R1 | X0816 | 某某指标 | 1 | g/L | -")
    expect(
        "cdm.measurement",
        """
        measurement_concept_id | measurement_source_value
        3000963                | 血红蛋白
        0                      | 某某指标
        """,
    )


def test_of_a_sample_reported_twice_the_last_final_report_counts(given, expect):
    report(
        given,
        "1 | R1 | V1 | - | 血常规 | 全血 | 2023-05-07 07:30:00 | 2023-05-07 16:00:00 | 2 | current",
        "2 | R2 | V1 | - | 血常规 | 全血 | 2023-05-07 07:30:00 | 2023-05-07 18:00:00 | 2 | current",
        "3 | R3 | V1 | - | 血常规 | 全血 | 2023-05-07 07:30:00 | 2023-05-07 19:00:00 | 1 | current",
        "4 | R4 | V1 | - | 生化   | 血清 | 2023-05-07 07:30:00 | 2023-05-07 15:00:00 | 2 | current",
    )
    result(
        given,
        "R1 | WBC | 白细胞计数 | 5.0 | 10^9/L | -",
        "R2 | WBC | 白细胞计数 | 5.1 | 10^9/L | -",
        "R3 | WBC | 白细胞计数 | 5.2 | 10^9/L | -",
        "R4 | ALB | 白蛋白     | 42  | g/L    | -",
    )
    expect("cdm.measurement", "value_as_number \n 5.1 \n 42.0")
    expect(
        "stage.lab_result",
        """
        row_id | reject_reason
        1      | report: reported again later
        2      | -
        3      | report: not a final report
        4      | -
        """,
    )


def test_results_of_a_voided_or_missing_report_never_count(given, expect):
    report(given, "1 | R1 | V1 | - | 血常规 | 全血 | 2023-05-07 07:30:00 | - | 9 | void")
    result(given, "R1 | WBC | 白细胞 | 5 | 10^9/L | -", "R9 | WBC | 白细胞 | 5 | 10^9/L | -")
    expect("cdm.measurement", "measurement_id")
    expect(
        "stage.lab_result",
        "row_id | reject_reason \n 1 | report voided \n 2 | no such report",
    )


def test_an_outpatients_report_may_come_with_a_card_number_only(given, expect):
    report(given, "1 | R1 | - | H1 | 血常规 | 全血 | 2023-05-07 07:30:00 | - | 2 | current")
    result(given, "R1 | WBC | 白细胞 | 5 | 10^9/L | -")
    expect("cdm.measurement", "person_id | visit_occurrence_id \n 1 | -")
