"""Result texts (trap 18): operator, number and word apart; nothing imputed."""

import pytest


@pytest.mark.parametrize(
    ("text", "operator", "number", "word"),
    [
        ("5.1", "-", "5.1", "-"),
        ("0", "-", "0.0", "-"),
        ("-2.3", "-", "-2.3", "-"),
        (".5", "-", "0.5", "-"),
        ("１２．５", "-", "12.5", "-"),
        ("<400", "<", "400.0", "-"),
        ("＜ 400", "<", "400.0", "-"),
        ("≤0.05", "<=", "0.05", "-"),
        (">=1000", ">=", "1000.0", "-"),
        ("＞1.00E+07", ">", "10000000.0", "-"),
        ("4.60E+03", "-", "4600.0", "-"),
        ("4.6×10^3", "-", "4600.0", "-"),
        ("4.6*10E3", "-", "4600.0", "-"),
        ("12,500", "-", "12500.0", "-"),
        ("阴性(-)", "-", "-", "阴性(-)"),
        ("阳性（＋）", "-", "-", "阳性(+)"),
        ("3+", "-", "-", "3+"),
        ("+", "-", "-", "+"),
        ("1:80", "-", "-", "1:80"),
        ("<1:10", "-", "-", "<1:10"),
        ("未检出", "-", "-", "未检出"),
        ("neg", "-", "-", "NEG"),
        ("见报告", "-", "-", "见报告"),
        ("5.1↑", "-", "5.1", "-"),
    ],
)
def test_a_text_is_a_number_or_a_word_never_both(given, expect, text, operator, number, word):
    given("raw.LIS_JG", f"JG \n {text}")
    expect(
        "stage.result_text",
        f"""
        result_text | operator_text | value_number | value_code
        {text}      | {operator}    | {number}     | {word}
        """,
    )


def test_each_text_is_read_once_however_often_it_is_reported(given, expect):
    given("raw.LIS_JG", "JG \n 5.1 \n 5.1 \n -")
    given("raw.HL_SMTZ", "JG \n 5.1")
    expect("stage.result_text", "result_text | value_number \n 5.1 | 5.1")


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("1.8-6.3", "1.8", "6.3"),
        ("1.8--6.3", "1.8", "6.3"),
        ("1.8～6.3", "1.8", "6.3"),
        ("1.8 ~ 6.3", "1.8", "6.3"),
        ("1.8—6.3", "1.8", "6.3"),
        ("１．８－６．３", "1.8", "6.3"),
        ("<400", "-", "400.0"),
        ("≤0.05", "-", "0.05"),
        ("＜＝23", "-", "23.0"),
        (">90", "90.0", "-"),
        ("≥90", "90.0", "-"),
        ("阴性", "-", "-"),
        ("男:130-175;女:115-150", "-", "-"),
    ],
)
def test_a_reference_range_has_two_ends_one_or_none(given, expect, text, low, high):
    given("raw.LIS_JG", f"CKFW \n {text}")
    expect("stage.reference_range", f"range_low | range_high \n {low} | {high}")
