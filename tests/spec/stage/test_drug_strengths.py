"""Strengths and dose units (trap 17): what a piece, a ml and a pack hold, in mg or IU."""

import pytest


@pytest.mark.parametrize(
    ("written", "unit", "piece", "per_ml"),
    [
        ("240mg:6ml", "mg", "240.0", "40.0"),
        ("240mg/6ml", "mg", "240.0", "40.0"),
        ("6ml:240mg", "mg", "240.0", "40.0"),
        ("100mg(10ml)", "mg", "100.0", "10.0"),
        ("100mg(10ml)/瓶", "mg", "100.0", "10.0"),
        ("10ml：0.1g", "mg", "100.0", "10.0"),
        ("０．１ｇ：１０ｍｌ", "mg", "100.0", "10.0"),
        ("1.0g", "mg", "1000.0", "-"),
        ("0.2g/瓶", "mg", "200.0", "-"),
        ("200MG/瓶", "mg", "200.0", "-"),
        ("100mg*1支", "mg", "100.0", "-"),
        ("20mg×10片", "mg", "20.0", "-"),
        ("60毫克：10毫升", "mg", "60.0", "6.0"),
        ("0.5克", "mg", "500.0", "-"),
        ("300ug:1ml", "mg", "0.3", "0.3"),
        ("300μg", "mg", "0.3", "-"),
        ("75微克", "mg", "0.075", "-"),
        ("10mg/ml×10ml", "mg", "100.0", "10.0"),
        ("5%250ml", "mg", "12500.0", "50.0"),
        ("0.9%×100ml", "mg", "900.0", "9.0"),
        ("0.9g:100ml(0.9%)", "mg", "900.0", "9.0"),
        ("10万IU", "IU", "100000.0", "-"),
        ("1万单位:1ml", "IU", "10000.0", "10000.0"),
        ("4000AxaIU:0.4ml", "IU", "4000.0", "10000.0"),
        ("100ml", "-", "-", "-"),
        ("20片", "-", "-", "-"),
        ("见说明书", "-", "-", "-"),
    ],
)
def test_a_strength_tells_what_a_piece_and_a_ml_hold(given, expect, written, unit, piece, per_ml):
    given("stage.medical_order", f"row_id | strength_text \n 1 | {written}")
    expect(
        "stage.drug_strength",
        f"strength_unit | amount_per_piece | amount_per_ml \n {unit} | {piece} | {per_ml}",
    )


@pytest.mark.parametrize(
    ("strength", "dose_unit", "factor", "unit"),
    [
        ("240mg:6ml", "mg", "1.0", "mg"),
        ("-", "克", "1000.0", "mg"),
        ("-", "μg", "0.001", "mg"),
        ("240mg:6ml", "支", "240.0", "mg"),
        ("240mg:6ml", "ml", "40.0", "mg"),
        ("20mg×10片", "片", "20.0", "mg"),
        ("20mg×10片", "盒", "200.0", "mg"),
        ("10万IU", "支", "100000.0", "IU"),
        ("-", "万u", "10000.0", "IU"),
        ("100ml", "瓶", "100.0", "ml"),
        ("-", "支", "1.0", "支"),
        ("200mg", "ml", "1.0", "ml"),
    ],
)
def test_a_dose_unit_is_brought_to_mg_or_iu_where_the_strength_tells_it(
    given, expect, strength, dose_unit, factor, unit
):
    given(
        "stage.medical_order",
        f"row_id | is_drug | dose_unit_text | strength_text \n 1 | true | {dose_unit} | {strength}",
    )
    expect("stage.dose_unit", f"factor | amount_unit \n {factor} | {unit}")


@pytest.mark.parametrize(
    ("name", "strength", "expected"),
    [
        ("顺铂注射液", "30mg:6ml", "30mg:6ml"),
        ("注射用顺铂 10mg*1支", "-", "10mg*1支"),
        ("多西他赛注射液20mg：0.5ml", "-", "20mg:0.5ml"),
        ("5%葡萄糖注射液5%×250ml", "-", "5%×250ml"),
        ("注射用奈达铂10毫克/瓶", "-", "10毫克/瓶"),
        ("特瑞普利单抗注射液(拓益) 240mg", "-", "-"),
    ],
)
def test_a_name_holds_a_strength_only_in_a_form_that_is_no_dose(
    given, expect, name, strength, expected
):
    given("raw.YZ_YZJL", f"YZH | JZLSH | YZLB | YZMC | GG \n O1 | V1 | 西药 | {name} | {strength}")
    expect("stage.medical_order", f"strength_text \n {expected}")
