"""Drug names (trap 16) and strengths (trap 17), read against the real map."""

import pytest

CONCEPT = {
    "toripalimab": 747052,
    "camrelizumab": 36853469,
    "tislelizumab": 42609339,
    "sintilimab": 36854475,
    "pembrolizumab": 45775965,
    "gemcitabine": 1314924,
    "cisplatin": 1397599,
    "dexamethasone": 1518254,
    "atezolizumab": 42629079,
    "durvalumab": 1594034,
    "cadonilimab": 2000000026,
}


@pytest.mark.parametrize(
    ("written", "drug"),
    [
        ("特瑞普利单抗注射液(拓益) 240mg", "toripalimab"),
        ("特瑞普利单抗注射液（拓益）２４０ｍｇ", "toripalimab"),
        ("拓益", "toripalimab"),
        ("JS001注射液", "toripalimab"),
        ("特瑞普力单抗", "toripalimab"),
        ("注射用卡瑞利珠单抗(艾瑞卡)200mg", "camrelizumab"),
        ("SHR-1210", "camrelizumab"),
        ("百泽安(替雷利珠单抗)", "tislelizumab"),
        ("信迪利单抗注射液 自备药", "sintilimab"),
        ("K药", "pembrolizumab"),
        ("注射用吉西他滨1.0g", "gemcitabine"),
        ("GEM 1.6g d1,8", "gemcitabine"),
        ("顺铂注射液+0.9%氯化钠注射液500ml", "cisplatin"),
        ("地塞米松磷酸钠注射液5mg", "dexamethasone"),
        ("阿替利珠单抗注射液", "atezolizumab"),
        ("度伐利尤单抗注射液(英飞凡)", "durvalumab"),
        ("卡度尼利单抗注射液", "cadonilimab"),
    ],
)
def test_a_drug_is_found_by_generic_brand_code_name_and_misspelling(
    given, specification, written, drug
):
    given("stage.medical_order", f"row_id | is_drug | name_text \n 1 | true | {written}")
    specification.run("stage.drug_name")
    found = specification.con.execute(
        "SELECT DISTINCT map.concept_id FROM stage.drug_name AS drug"
        " JOIN vocabulary.code_map AS map ON map.source_code = drug.map_code"
        " WHERE map.source_vocabulary_id = 'npc_drug'"
    ).fetchall()
    assert found == [(CONCEPT[drug],)]


def test_pd_l1_and_bispecific_antibodies_are_not_pd_1(specification):
    rows = specification.con.execute(
        "SELECT concept_id FROM vocabulary.codelist WHERE codelist = 'pd1'"
    ).fetchall()
    listed = {row[0] for row in rows}
    inhibitors = ("toripalimab", "camrelizumab", "tislelizumab", "sintilimab", "pembrolizumab")
    assert {CONCEPT[drug] for drug in inhibitors} <= listed
    assert not {CONCEPT[drug] for drug in ("atezolizumab", "durvalumab", "cadonilimab")} & listed


@pytest.mark.parametrize(
    "written", ["单抗", "PD-1单抗", "某某利单抗", "EPINEPHRINE", "GEMFIBROZIL"]
)
def test_a_class_or_a_part_of_a_word_is_no_drug(given, expect, written):
    given("stage.medical_order", f"row_id | is_drug | name_text \n 1 | true | {written}")
    expect("stage.drug_name", f"name_text | map_code \n {written} | {written}")


def test_orders_that_are_no_drugs_are_not_looked_up(given, expect):
    given("stage.medical_order", "row_id | is_drug | name_text \n 1 | false | 顺铂血药浓度")
    expect("stage.drug_name", "name_text")


@pytest.mark.parametrize(
    ("written", "mg", "mg_per_ml"),
    [
        ("240mg:6ml", "240.0", "40.0"),
        ("6ml:240mg", "240.0", "40.0"),
        ("100mg(10ml)", "100.0", "10.0"),
        ("10ml：0.1g", "100.0", "10.0"),
        ("0.2g", "200.0", "-"),
        ("200MG/瓶", "200.0", "-"),
        ("300ug:1ml", "0.3", "0.3"),
        ("300μg", "0.3", "-"),
        ("5%:500ml", "-", "-"),
        ("20片", "-", "-"),
    ],
)
def test_a_strength_tells_the_mg_of_a_piece_and_of_a_ml(given, expect, written, mg, mg_per_ml):
    given("stage.medical_order", f"row_id | strength_text \n 1 | {written}")
    expect("stage.drug_strength", f"mg_per_piece | mg_per_ml \n {mg} | {mg_per_ml}")
